using System.Text.Json;
using System.Text.Unicode;
using SessionReplay.AspNetCore.Sanitizing;
using SessionReplay.Format;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>
/// Goes once over the bytes of a batch: checks the rules B1 to B8 (docs/format/v1.md, section 2), sanitizes every string in place and collects the facts.
/// Nothing is turned into objects but the facts.
/// </summary>
internal readonly partial struct BatchWalker(IngestOptions limits, SanitizePass pass, BatchFacts facts)
{
    private const int MaxDepth = 512;
    private const uint MaxSeq = 1_000_000;
    private const ulong MaxTime = (1UL << 53) - 1;

    /// <param name="batch">The message; what must not be stored is overwritten.</param>
    /// <exception cref="FormatRejectedException">A rule is broken.</exception>
    /// <exception cref="SanitizingFailedException">A rule of the application failed.</exception>
    public void Walk(Span<byte> batch)
    {
        var reader = new WireReader(batch);
        ulong version = 0;
        ulong seq = 0;
        Span<byte> session = [];
        Span<byte> window = [];
        while (reader.Read())
        {
            switch ((reader.Field, reader.WireType))
            {
                case (1, WireReader.Varint):
                    version = (uint)reader.Number;
                    break;
                case (2, WireReader.Bytes):
                    session = Id(reader.Content);
                    break;
                case (3, WireReader.Bytes):
                    window = Id(reader.Content);
                    break;
                case (4, WireReader.Varint):
                    seq = (uint)reader.Number;
                    break;
                case (5, WireReader.Bytes):
                    Text(reader.Content);
                    break;
                case (6, WireReader.Varint):
                    facts.IsLast = reader.Number != 0;
                    break;
                case (7, WireReader.Bytes):
                    Page(reader.Content);
                    break;
                case (8, WireReader.Varint):
                    facts.LostEvents = (uint)reader.Number;
                    break;
                case (9, WireReader.Varint):
                    facts.CutId = reader.Number;
                    break;
                case (15, WireReader.Bytes):
                    Event(reader.Content);
                    break;
                default:
                    Unknown(reader);
                    break;
            }
        }

        if (version != 1)
        {
            throw new FormatRejectedException("B2", "The version of the batch is not 1.");
        }

        if (!SessionId.TryRead(session, out var sessionId) || !WindowId.TryRead(window, out var windowId))
        {
            throw new FormatRejectedException("B3", "The session or window of the batch is not a UUIDv7.");
        }

        if (facts.EventCount == 0)
        {
            throw new FormatRejectedException("B4", "The batch has no event.");
        }

        if (seq > MaxSeq)
        {
            throw new FormatRejectedException("B4", $"The batch's number is above {MaxSeq}.");
        }

        (facts.Session, facts.Window, facts.Seq) = (sessionId, windowId, (uint)seq);
    }

    // Where a field is there more than once, the last counts; what the others hold is stored as well.
    private static Span<byte> Id(Span<byte> id) => SessionId.TryRead(id, out _)
        ? id
        : throw new FormatRejectedException("B3", "The session or window of the batch is not a UUIDv7.");

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
            if (reader.WireType == WireReader.Varint && reader.Field == 1)
            {
                time = reader.Number;
            }
            else if (reader.WireType == WireReader.Bytes && reader.Field is >= 2 and <= 12)
            {
                hasBody = true;
                Body(reader.Field, reader.Content);
            }
            else
            {
                // A later version's kind of event.
                hasBody |= reader is { WireType: WireReader.Bytes, Field: > 12 };
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
            case 2:
                Dom(body);
                break;
            case 3:
                Console(body);
                break;
            case 4:
                Network(body);
                break;
            case 5:
                var navigation = Fields(body, texts: 0b1110, json: 0);
                facts.Navigation(navigation.First, navigation.Second);
                break;
            case 6:
                var error = Fields(body, texts: 0b111110, json: 0);
                facts.Error(error.First, error.Second);
                break;
            case 7:
                var performance = Fields(body, texts: 0b11010, json: 0);
                facts.Performance(performance.First, performance.Third);
                break;
            case 8:
                facts.Custom(Fields(body, texts: 0b010, json: 0b100).First);
                break;
            case 9:
                var user = Fields(body, texts: 0b1110, json: 0b10000);
                facts.Identify(user.First, user.Second, user.Third, user.Fourth);
                break;
            case 10:
                var interaction = Fields(body, texts: 0b1110, json: 0);
                facts.Interaction(interaction.First, interaction.Second, interaction.Third);
                break;
            case 11:
                var server = Fields(body, texts: 0b11001110, json: 0b100000000);
                facts.Server(server.First, server.Second);
                break;
            case 12:
                facts.Gap(Fields(body, texts: 0b10, json: 0).First);
                break;
        }
    }

    private void Dom(Span<byte> json)
    {
        if (!Utf8.IsValid(json))
        {
            throw new FormatRejectedException("B7", "A DOM event is not valid UTF-8.");
        }

        try
        {
            DomWalker.Walk(json, MaxDepth, pass, facts);
        }
        catch (JsonException)
        {
            throw new FormatRejectedException("B7", $"A DOM event is not one JSON object nested at most {MaxDepth} deep.");
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
