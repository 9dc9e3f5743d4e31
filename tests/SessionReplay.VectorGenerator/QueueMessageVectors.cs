using System.Globalization;

namespace SessionReplay.VectorGenerator;

/// <summary>Section 8: rule Q1.</summary>
internal static class QueueMessageVectors
{
    private const long ReceivedAt = 1_767_323_046_000;

    private static readonly byte[] Owner = [.. ChunkVectors.Session, .. ChunkVectors.Window, .. Bytes.U32(3)];

    // A CatalogEntry with a sealed ChunkFacts message, which may be empty, and the sealed end of the window: 4 chunks, not closed.
    private static readonly byte[] Entry =
    [
        .. Proto.Block(2, SealedFieldVectors.Field("chunk.facts", Owner, [])),
        .. Proto.Block(3, SealedFieldVectors.Field("window.end", Owner[..32], [.. Bytes.U32(4), 0])),
    ];

    private static readonly byte[] Chunk = ChunkVectors.Chunk(BatchVectors.Good);

    public static IEnumerable<Vector> All()
    {
        var good = Message(1, Chunk[ChunkVectors.HeaderSize..]);
        var key = $"{ChunkVectors.Tenant}/2026/01/02/session_{Bytes.Hex(ChunkVectors.Session)}/chunk_{Bytes.Hex(Bytes.Id("part"))}.bin";
        yield return Case("success", "inline", "The chunk travels in the message.", good);
        yield return Case("success", "claim-check", "The chunk lies in the blob store.", Message(2, Bytes.Ascii(key)), key);
        yield return Case("Q1", "magic", "Another magic.", Bytes.Flip(good, 3));
        yield return Case("Q1", "version", "Version 2.", Bytes.With(good, 4, 2));
        yield return Case("Q1", "kind", "Kind 3.", Bytes.With(good, 5, 3));
        yield return Case("Q1", "reserved", "A zero byte is not zero.", Bytes.With(good, 7, 1));
        yield return Case("Q1", "cut", "The last byte is missing.", good[..^1]);
        yield return Case("Q1", "longer", "A byte too many.", [.. good, 0]);
        yield return Case("Q1", "short", "Shorter than its header.", good[..183]);
        yield return Case(
            "Q1", "entry-length", "The length of the entry is the greatest number.", Bytes.With(good, 16, 0xff, 0xff, 0xff, 0xff));
        yield return Case("Q1", "received-at", "It was received after the year 9999.", Bytes.With(good, 8, 0x14));
    }

    private static byte[] Message(byte kind, byte[] body) =>
    [
        .. "SRQM"u8, 1, kind, 0, 0, .. Bytes.I64(ReceivedAt), .. Bytes.U32((uint)Entry.Length), .. Bytes.U32((uint)body.Length),
        .. Chunk[..ChunkVectors.HeaderSize], .. Entry, .. body,
    ];

    private static Vector Case(string expect, string name, string comment, byte[] input, string? blobKey = null) => new(
        "queue-message", expect, name, comment, input,
        [
            ("received-at", ReceivedAt.ToString(CultureInfo.InvariantCulture)), ("session-key", Bytes.Hex(ChunkVectors.SessionKey)),
            ("entry", Bytes.Hex(Entry)), ("tenant", ChunkVectors.Tenant), ("session", Bytes.Hex(ChunkVectors.Session)),
            ("window", Bytes.Hex(ChunkVectors.Window)), ("seq", "3"),
            .. blobKey is null ? Array.Empty<(string, string)>() : [("blob-key", blobKey)],
        ]);
}
