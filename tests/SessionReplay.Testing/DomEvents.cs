using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using SessionReplay.Format;
using SessionReplay.Wire;

namespace SessionReplay.Testing;

/// <summary>DOM events of batches, written as JSON.</summary>
public static class DomEvents
{
    private static readonly ConditionalWeakTable<EventBatch, List<(long Time, string Json)>> Added = [];

    /// <summary>Adds DOM events behind those that were added before.</summary>
    public static EventBatch AddDom(this EventBatch batch, params (long Time, string Json)[] events)
    {
        var all = Added.GetOrCreateValue(batch);
        all.AddRange(events);
        batch.DomEvents = all.Count == 0 ? ByteString.Empty : ByteString.CopyFrom(Block([.. all]));
        return batch;
    }

    /// <summary>Gives the DOM events that were added other times, one after the other.</summary>
    public static void SetDomTimes(this EventBatch batch, params long[] times)
    {
        var all = Added.GetOrCreateValue(batch);
        for (var i = 0; i < times.Length; i++)
        {
            all[i] = (times[i], all[i].Json);
        }

        batch.AddDom();
    }

    /// <summary>Takes the DOM events out.</summary>
    public static EventBatch ClearDom(this EventBatch batch)
    {
        Added.Remove(batch);
        batch.DomEvents = ByteString.Empty;
        return batch;
    }

    /// <summary>Counts the events of all kinds.</summary>
    public static int CountEvents(this EventBatch batch) => batch.Events.Count + Times(batch.DomEvents).Count;

    /// <summary>Writes a block.</summary>
    public static byte[] Block(params (long Time, string Json)[] events)
    {
        var writer = new DomBlockWriter();
        foreach (var (time, json) in events)
        {
            writer.Add(time, Encoding.UTF8.GetBytes(json));
        }

        return writer.ToArray();
    }

    /// <summary>Reads the times in a block.</summary>
    public static IReadOnlyList<long> Times(ByteString bytes)
    {
        if (bytes.IsEmpty)
        {
            return [];
        }

        using var block = new DomBlock(bytes.ToByteArray());
        var times = new long[block.EventCount];
        for (var i = 0; i < times.Length; i++)
        {
            times[i] = block.NextEvent();
        }

        return times;
    }

    /// <summary>Reads the events in a block.</summary>
    public static IReadOnlyList<string> Read(ByteString bytes)
    {
        if (bytes.IsEmpty)
        {
            return [];
        }

        using var block = new DomBlock(bytes.ToByteArray());
        var events = new List<string>();
        for (var i = 0; i < block.EventCount; i++)
        {
            block.NextEvent();
            using var stream = new MemoryStream();
            using (var json = new Utf8JsonWriter(
                stream, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
                    MaxDepth = DomBlock.MaxDepth }))
            {
                Write(json, block, block.Root);
            }

            events.Add(Encoding.UTF8.GetString(stream.ToArray()));
        }

        block.End();
        return events;
    }

    private static void Write(Utf8JsonWriter json, in DomBlock block, int column)
    {
        switch (block.Read(column, out var value))
        {
            case DomValueKind.Null:
                json.WriteNullValue();
                break;
            case DomValueKind.True:
                json.WriteBooleanValue(true);
                break;
            case DomValueKind.False:
                json.WriteBooleanValue(false);
                break;
            case DomValueKind.Integer:
                json.WriteNumberValue(value);
                break;
            case DomValueKind.Number:
                json.WriteRawValue(block.StringAt((int)value));
                break;
            case DomValueKind.String:
                json.WriteStringValue(block.StringAt((int)value));
                break;
            case DomValueKind.Array:
                json.WriteStartArray();
                for (var i = 0L; i < value; i++)
                {
                    Write(json, block, block.Columns[column].Elements);
                }

                json.WriteEndArray();
                break;
            default:
                json.WriteStartObject();
                foreach (var member in block.Members((int)value))
                {
                    json.WritePropertyName(block.Key(block.Columns[member].Key));
                    Write(json, block, member);
                }

                json.WriteEndObject();
                break;
        }
    }
}
