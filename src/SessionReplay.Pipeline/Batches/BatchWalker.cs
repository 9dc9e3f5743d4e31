using System.Text.Unicode;
using SessionReplay.Format;
using SessionReplay.Pipeline.Sanitizing;
using SessionReplay.Wire;

namespace SessionReplay.Pipeline.Batches;

/// <summary>
/// Goes once over the bytes of a batch: checks the rules B1 to B8 and D1 to D7 (docs/format/v1.md, section 2), sanitizes every string in
/// place and collects the facts. Nothing is turned into objects but the facts.
/// </summary>
internal readonly partial struct BatchWalker(BatchLimits limits, SanitizePass pass, BatchFacts facts)
{
    private const int FirstBody = Wire.Event.ConsoleFieldNumber;
    private const int LastBody = Wire.Event.GapFieldNumber;
    private const uint MaxSeq = 1_000_000;
    private const ulong MaxTime = (1UL << 53) - 1;

    /// <param name="batch">The message; what must not be stored is overwritten.</param>
    /// <exception cref="FormatRejectedException">A rule is broken.</exception>
    /// <exception cref="SanitizingFailedException">A rule of the application failed.</exception>
    public void Walk(Span<byte> batch)
    {
        var reader = new WireReader(batch);
        uint version = 0;
        while (reader.Read())
        {
            Field(reader, ref version);
        }

        if (version != 1)
        {
            throw new FormatRejectedException("B2", "The version of the batch is not 1.");
        }

        if (facts.Session == default || facts.Window == default)
        {
            throw NoUuid();
        }

        if (facts.EventCount == 0)
        {
            throw new FormatRejectedException("B4", "The batch has no event.");
        }

        if (facts.Seq > MaxSeq)
        {
            throw new FormatRejectedException("B4", $"The batch's number is above {MaxSeq}.");
        }
    }

    // Where a field is there more than once, the last counts; what the others hold is stored as well.
    private void Field(in WireReader reader, ref uint version)
    {
        switch ((reader.Field, reader.WireType))
        {
            case (EventBatch.VersionFieldNumber, WireReader.Varint):
                version = (uint)reader.Number;
                break;
            case (EventBatch.SessionIdFieldNumber, WireReader.Bytes):
                facts.Session = SessionId.TryRead(reader.Content, out var session) ? session : throw NoUuid();
                break;
            case (EventBatch.WindowIdFieldNumber, WireReader.Bytes):
                facts.Window = WindowId.TryRead(reader.Content, out var window) ? window : throw NoUuid();
                break;
            case (EventBatch.SeqFieldNumber, WireReader.Varint):
                facts.Seq = (uint)reader.Number;
                break;
            case (EventBatch.RecorderVersionFieldNumber, WireReader.Bytes):
                Text(reader.Content);
                break;
            case (EventBatch.LastFieldNumber, WireReader.Varint):
                facts.IsLast = reader.Number != 0;
                break;
            case (EventBatch.PageFieldNumber, WireReader.Bytes):
                Page(reader.Content);
                break;
            case (EventBatch.LostEventsFieldNumber, WireReader.Varint):
                facts.LostEvents = (uint)reader.Number;
                break;
            case (EventBatch.CutIdFieldNumber, WireReader.Varint):
                facts.CutId = reader.Number;
                break;
            case (EventBatch.DomEventsFieldNumber, WireReader.Bytes):
                DomWalker.Walk(reader.Content, limits.MaxEvents, pass, facts);
                break;
            case (EventBatch.EventsFieldNumber, WireReader.Bytes):
                Event(reader.Content);
                break;
            default:
                Unknown(reader);
                break;
        }
    }

    private static FormatRejectedException NoUuid() => new("B3", "The session or window of the batch is not a UUIDv7.");

    private void Event(Span<byte> message)
    {
        if (++facts.EventCount > limits.MaxEvents)
        {
            throw new FormatRejectedException("B4", $"The batch has more than {limits.MaxEvents} events.");
        }

        var reader = new WireReader(message);
        var hasBody = false;
        ulong time = 0;
        facts.BeginEvent();
        while (reader.Read())
        {
            if (reader is { WireType: WireReader.Varint, Field: Wire.Event.TimeFieldNumber })
            {
                time = reader.Number;
            }
            else if (reader is { WireType: WireReader.Bytes, Field: >= FirstBody and <= LastBody })
            {
                hasBody = true;
                Body(reader.Field, reader.Content);
            }
            else
            {
                // A later version's kind of event.
                hasBody |= reader is { WireType: WireReader.Bytes, Field: > LastBody };
                Unknown(reader);
            }
        }

        if (time is 0 or > MaxTime)
        {
            throw new FormatRejectedException("B5", "An event has no time, or one that is out of range.");
        }

        if (!hasBody)
        {
            throw new FormatRejectedException("B6", "An event has no body.");
        }

        facts.EndEvent((long)time);
    }

    private void Body(int kind, Span<byte> body)
    {
        switch (kind)
        {
            case Wire.Event.ConsoleFieldNumber:
                Console(body);
                break;
            case Wire.Event.NetworkFieldNumber:
                Network(body);
                break;
            case Wire.Event.NavigationFieldNumber:
                Navigation(body);
                break;
            case Wire.Event.ErrorFieldNumber:
                Error(body);
                break;
            case Wire.Event.PerformanceFieldNumber:
                Performance(body);
                break;
            case Wire.Event.CustomFieldNumber:
                facts.Custom(Fields(body, BatchPolicies.Custom)[CustomEvent.NameFieldNumber]);
                break;
            case Wire.Event.IdentifyFieldNumber:
                Identify(body);
                break;
            case Wire.Event.InteractionFieldNumber:
                Interaction(body);
                break;
            case Wire.Event.ServerFieldNumber:
                Server(body);
                break;
            case Wire.Event.GapFieldNumber:
                facts.Gap(Fields(body, BatchPolicies.Gap)[GapEvent.ReasonFieldNumber]);
                break;
        }
    }

    private void CheckText(ReadOnlySpan<byte> text)
    {
        if (text.Length > limits.MaxStringBytes || !Utf8.IsValid(text))
        {
            throw new FormatRejectedException("B8", $"A string is not valid UTF-8, or longer than {limits.MaxStringBytes} bytes.");
        }
    }

    private void Text(Span<byte> text)
    {
        CheckText(text);
        pass.Text(text);
    }

    // What turns out not to be JSON is text.
    private void Json(Span<byte> text)
    {
        CheckText(text);
        if (!pass.Json(text))
        {
            pass.Text(text);
        }
    }
}
