using Google.Protobuf;
using SessionReplay.Format;

namespace SessionReplay.Testing;

/// <summary>DOM events that are sent many times, each time as if they happened later. They are written once.</summary>
public sealed class RecordedBlock
{
    private readonly byte[] _times;
    private readonly byte[] _rest;

    /// <param name="events">The events as JSON, with their times in ms since the Unix epoch.</param>
    public RecordedBlock(IReadOnlyList<(long Time, byte[] Json)> events)
    {
        First = events[0].Time;
        var writer = new DomBlockWriter();
        foreach (var (time, json) in events)
        {
            writer.Add(time, json);
        }

        // A number ends with the first byte below 128: the count, the first time, and those that say how much later the others are.
        var block = writer.ToArray();
        int[] ends = [.. block.Index().Where(b => b.Item < 0x80).Select(b => b.Index + 1).Take(events.Count + 1)];
        (_times, _rest) = (block[ends[1]..ends[^1]], block[ends[^1]..]);
        Count = events.Count;
    }

    /// <summary>When the first event happened.</summary>
    public long First { get; }

    public int Count { get; }

    /// <summary>Returns the block as if the first event had happened at a time.</summary>
    public ByteString At(long first)
    {
        using var stream = new MemoryStream();
        using (var numbers = new CodedOutputStream(stream, leaveOpen: true))
        {
            numbers.WriteUInt64((ulong)Count);
            numbers.WriteUInt64((ulong)first << 1);
        }

        stream.Write(_times);
        stream.Write(_rest);
        return ByteString.CopyFrom(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }
}
