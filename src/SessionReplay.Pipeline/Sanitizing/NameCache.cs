using System.Buffers.Binary;

namespace SessionReplay.Pipeline.Sanitizing;

/// <summary>
/// Remembers within one batch which names are secret: the same few stand in it thousands of times. Its size is fixed; a name replaces
/// another in its slot.
/// </summary>
internal sealed class NameCache(NameMatcher matcher)
{
    private const int Slots = 64;
    private const int MaxCached = 16;

    private readonly Entry[] _entries = new Entry[Slots];

    public bool IsSecret(ReadOnlySpan<byte> name)
    {
        if (name.Length is < 2 or > MaxCached)
        {
            return name.Length >= 2 && matcher.IsSecret(name);
        }

        var (head, tail) = Halves(name);
        ref var entry = ref _entries[Slot(head, tail, name.Length)];
        if (entry.Length != name.Length || entry.Head != head || entry.Tail != tail)
        {
            entry = new(head, tail, name.Length, matcher.IsSecret(name));
        }

        return entry.IsSecret;
    }

    // The first and the last 8 bytes, which overlap in a shorter name: with the length they are the whole name.
    private static (ulong Head, ulong Tail) Halves(ReadOnlySpan<byte> name)
    {
        if (name.Length >= 8)
        {
            return (BinaryPrimitives.ReadUInt64LittleEndian(name), BinaryPrimitives.ReadUInt64LittleEndian(name[^8..]));
        }

        ulong head = 0;
        foreach (var b in name)
        {
            head = (head << 8) | b;
        }

        return (head, 0);
    }

    private static int Slot(ulong head, ulong tail, int length) =>
        (int)(((head * 0x9E3779B97F4A7C15) ^ (tail * 0xC2B2AE3D27D4EB4F) ^ (ulong)length) >> 58);

    private readonly record struct Entry(ulong Head, ulong Tail, int Length, bool IsSecret);
}
