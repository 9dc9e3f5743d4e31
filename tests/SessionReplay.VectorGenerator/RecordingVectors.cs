using System.Globalization;

namespace SessionReplay.VectorGenerator;

/// <summary>Section 4: rules R1 to R4.</summary>
internal static class RecordingVectors
{
    private const int HeaderSize = 16;
    private const int EntrySize = 48;
    private const int FooterSize = 32;

    private static readonly byte[][] Windows =
        [.. new[] { Bytes.Id("window 1"), Bytes.Id("window 2") }.Order(Comparer<byte[]>.Create((x, y) => x.AsSpan().SequenceCompareTo(y)))];

    private static readonly byte[][] Chunks =
        [.. Windows.SelectMany(
            window => new uint[] { 0, 1 }, (window, seq) => ChunkVectors.Chunk(BatchVectors.Good, window: window, seq: seq))];

    public static IEnumerable<Vector> All()
    {
        var good = Recording(Chunks);
        var index = good.Length - FooterSize - (Chunks.Length * EntrySize);
        yield return Case("success", "four", "Two windows of two chunks each.", good, Chunks.Length);
        yield return Case("success", "empty", "No chunk.", Recording([]), 0);
        yield return Case("R1", "magic", "Another magic at the start.", Bytes.Flip(good, 0));
        yield return Case("R1", "version", "Version 2.", Bytes.With(good, 4, 2));
        yield return Case("R1", "header-zero", "A zero byte of the header is not zero.", Bytes.Flip(good, 15));
        yield return Case("R1", "footer-magic", "Another magic at the end.", Bytes.Flip(good, ^1));
        yield return Case("R1", "footer-zero", "A zero byte of the footer is not zero.", Bytes.Flip(good, ^5));
        yield return Case("R2", "checksum", "A bit of the index is changed.", Bytes.Flip(good, index + 47));
        yield return Case("R2", "offset", "The index is said to begin elsewhere.", Bytes.Flip(good, good.Length - FooterSize + 7));
        yield return Case(
            "R2", "count", "More entries than there is room for.", Bytes.With(good, good.Length - FooterSize + 8, Bytes.U32(5)));
        yield return Case("R2", "cut", "The last chunk's last byte is missing.", [.. good[..(index - 1)], .. good[index..]]);
        yield return Case(
            "R3", "order", "Two chunks of a window in the wrong order.", Recording([Chunks[1], Chunks[0], Chunks[2], Chunks[3]]));
        yield return Case("R3", "twice", "A chunk is there twice.", Recording([Chunks[0], Chunks[0], Chunks[2], Chunks[3]]));
        yield return Case("R3", "overlap", "An entry overlaps the one before.", Recording(Chunks, (EntrySize + 31, 0x11)));
        yield return Case("R3", "outside", "The last entry reaches into the index.", Recording(Chunks, ((3 * EntrySize) + 35, 0xff)));
        yield return Case("R4", "seq", "An entry tells another seq than its chunk.", Recording(Chunks, ((3 * EntrySize) + 19, 9)));
        yield return Case(
            "R4", "events", "An entry tells another event count than its chunk.", Recording(Chunks, ((2 * EntrySize) + 39, 9)));
    }

    private static Vector Case(string expect, string name, string comment, byte[] input, int? entries = null) => new(
        "recording", expect, name, comment, input,
        [
            ("session-key", Bytes.Hex(ChunkVectors.SessionKey)), ("tenant", ChunkVectors.Tenant),
            ("session", Bytes.Hex(ChunkVectors.Session)),
            .. entries is null
                ? Array.Empty<(string, string)>()
                : [("entries", entries.Value.ToString(CultureInfo.InvariantCulture)), ("batch-sha256", Bytes.Sha256(BatchVectors.Good))],
        ]);

    // The change, if there is one, is made in the index before its checksum is taken.
    private static byte[] Recording(byte[][] chunks, (int At, byte Value)? change = null)
    {
        var body = new List<byte>([.. "SRRC"u8, 1, .. new byte[11]]);
        var index = new List<byte>();
        foreach (var chunk in chunks)
        {
            index.AddRange(
            [
                .. chunk[64..84], chunk[7], 0, 0, 0, .. Bytes.I64(body.Count), .. Bytes.U32((uint)chunk.Length), .. chunk[84..88],
                .. chunk[88..96],
            ]);
            body.AddRange(chunk);
        }

        if (change is var (at, value))
        {
            index[at] = value;
        }

        byte[] entries = [.. index];
        return
        [
            .. body, .. entries, .. Bytes.I64(Math.Max(body.Count, HeaderSize)), .. Bytes.U32((uint)chunks.Length),
            .. Bytes.U32(Checksum.Of(entries, Checksum.Castagnoli)), .. new byte[12], .. "SRIX"u8,
        ];
    }
}
