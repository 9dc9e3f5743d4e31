using System.Globalization;
using System.Security.Cryptography;

namespace SessionReplay.VectorGenerator;

/// <summary>Section 3: rules C1 to C8.</summary>
internal static class ChunkVectors
{
    public const string Tenant = "shop-1";
    public const int HeaderSize = 160;
    public const long Started = 1_767_323_040_000;

    public static readonly byte[] SessionKey = Bytes.Of("session key");
    public static readonly byte[] Session = Bytes.Id("session");
    public static readonly byte[] Window = Bytes.Id("window 1");

    public static IEnumerable<Vector> All()
    {
        var batch = BatchVectors.Good;
        var good = Chunk(batch);
        yield return Case("success", "gzip", "Payload compressed with gzip.", good, payload: Gzip.Member(batch));
        yield return Case("success", "plain", "Payload as it is.", Chunk(batch, batch, compression: 0), payload: batch);
        yield return Case("C1", "short", "Shorter than a header and a tag.", good[..175]);
        yield return Case("C1", "cut", "The last byte is missing.", good[..^1]);
        yield return Case("C1", "longer", "A byte too many.", [.. good, 0]);
        yield return Case("C2", "magic", "Another magic; sealed as it stands.", Chunk(batch, change: (3, 0x4c)));
        yield return Case("C2", "version", "Version 2; sealed as it stands.", Chunk(batch, change: (4, 2)));
        yield return Case("C2", "algorithm", "Algorithm 2; sealed as it stands.", Chunk(batch, change: (5, 2)));
        yield return Case("C2", "compression", "Compression 2; sealed as it stands.", Chunk(batch, change: (6, 2)));
        yield return Case("C2", "flag", "Flag bit 3; sealed as it stands.", Chunk(batch, change: (7, 9)));
        yield return Case("C3", "letter", "A capital letter in the tenant; sealed as it stands.", Chunk(batch, change: (8, (byte)'S')));
        yield return Case(
            "C3", "padding", "A letter behind the tenant's zero bytes; sealed as it stands.", Chunk(batch, change: (47, (byte)'x')));
        yield return Case("C4", "seq", "Another seq than the one asked for.", good, seq: 4);
        yield return Case("C4", "window", "Another window than the one asked for.", good, window: Bytes.Id("window 2"));
        yield return Case("C4", "session", "Another session than the one asked for.", good, session: Bytes.Id("another session"));
        yield return Case("C5", "key", "Sealed under another session's key.", Chunk(batch, key: Bytes.Of("another session key")));
        yield return Case("C6", "ciphertext", "A bit of the ciphertext is changed.", Bytes.Flip(good, HeaderSize + 40));
        yield return Case("C6", "tag", "A bit of the tag is changed.", Bytes.Flip(good, ^1));
        yield return Case("C6", "header", "The event count is changed: the header is authenticated as a whole.", Bytes.Flip(good, 87));
        yield return Case(
            "C7", "length", "Decompresses to one byte more than the header tells.", Chunk(batch, batchLength: batch.Length - 1));
        yield return Case("C7", "damaged", "Not a gzip member, though the header says so.", Chunk(batch, batch[..^1]));
        yield return Case(
            "C7", "plain", "Uncompressed, but not of the length that the header tells.",
            Chunk(batch, batch, compression: 0, batchLength: 7));
        yield return Case("C7", "limit", "The header tells more than the limit of section 2.", Chunk(batch, batchLength: int.MaxValue));
        yield return Case(
            "C8", "session-started", "The session started after the year 9999; sealed as it stands.", Chunk(batch, change: (104, 0x14)));
        yield return Case("C8", "negative", "The first time is negative; sealed as it stands.", Chunk(batch, change: (88, 0x80)));
        yield return Case("C8", "last-time", "The last time is after the year 9999; sealed as it stands.", Chunk(batch, change: (97, 1)));
        yield return Case("C8", "order", "The first time is after the last; sealed as it stands.", Chunk(batch, change: (91, 0xff)));
    }

    // Long: each vector names what differs from the good one.
    public static byte[] Chunk(
        byte[] batch, byte[]? payload = null, byte compression = 1, byte[]? key = null, int? batchLength = null,
        (int At, byte Value)? change = null,
        byte[]? window = null, uint seq = 3)
    {
        payload ??= Gzip.Member(batch);
        var okm = Sealing.Expand(key ?? SessionKey, "sessionreplay/v1/chunk", Tenant, Session, 80);
        var nonce = Nonce(window ?? Window, seq);
        byte[] header =
        [
            .. "SRCK"u8, 1, 1, compression, 1, .. Bytes.Padded(Tenant, 40), .. Session, .. window ?? Window, .. Bytes.U32(seq),
            .. Bytes.U32(3),
            .. Bytes.I64((long)BatchVectors.Time), .. Bytes.I64((long)BatchVectors.Time + 20), .. Bytes.I64(Started),
            .. Bytes.U32((uint)(batchLength ?? batch.Length)), .. Bytes.U32((uint)payload.Length), .. nonce, .. okm[32..48],
            .. Digest(okm, batch),
        ];
        if (change is var (at, value))
        {
            header[at] = value;
        }

        return [.. header, .. Sealing.Encrypt(okm[..32], nonce, payload, header)];
    }

    /// <summary>Of a batch without a cut_id.</summary>
    private static byte[] Digest(byte[] okm, byte[] batch) => HMACSHA256.HashData(okm[48..], (byte[])[0, .. SHA256.HashData(batch)])[..12];

    private static byte[] Nonce(byte[] window, uint seq) => Bytes.Of($"nonce {Bytes.Hex(window)} {seq}", 12);

    // Long: each vector names what differs from the good one.
    private static Vector Case(
        string expect, string name, string comment, byte[] input, byte[]? payload = null, byte[]? session = null, byte[]? window = null,
        uint seq = 3)
    {
        var okm = Sealing.Expand(SessionKey, "sessionreplay/v1/chunk", Tenant, Session, 80);
        var fields = new List<(string, string)>
        {
            ("session-key", Bytes.Hex(SessionKey)), ("tenant", Tenant), ("session", Bytes.Hex(session ?? Session)),
            ("window", Bytes.Hex(window ?? Window)),
            ("seq", seq.ToString(CultureInfo.InvariantCulture)), ("session-started", Started.ToString(CultureInfo.InvariantCulture)),
        };
        if (payload is not null)
        {
            fields.AddRange(
            [
                ("chunk-key", Bytes.Hex(okm[..32])), ("commitment", Bytes.Hex(okm[32..48])), ("digest-key", Bytes.Hex(okm[48..])),
                ("digest", Bytes.Hex(Digest(okm, BatchVectors.Good))), ("nonce", Bytes.Hex(Nonce(Window, 3))),
                ("payload-sha256", Bytes.Sha256(payload)), ("batch-sha256", Bytes.Sha256(BatchVectors.Good)),
            ]);
        }

        return new("chunk", expect, name, comment, input, [.. fields]);
    }
}
