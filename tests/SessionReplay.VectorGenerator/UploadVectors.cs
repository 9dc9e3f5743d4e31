using System.Security.Cryptography;

namespace SessionReplay.VectorGenerator;

/// <summary>Section 2.1: rule U1.</summary>
internal static class UploadVectors
{
    private static readonly byte[] Secret = Bytes.Of("session secret", 16);

    public static IEnumerable<Vector> All()
    {
        var batch = BatchVectors.Good;
        yield return Case("success", "gzip", "A gzip member.", [.. "SRU1"u8, .. Secret, .. Gzip.Member(batch)], Gzip.Member(batch));
        yield return Case("success", "plain", "A bare message.", [.. "SRU1"u8, .. Secret, .. batch], batch);
        yield return Case("U1", "bare", "A batch without the frame.", batch);
        yield return Case("U1", "magic", "Another magic.", [.. "SRU2"u8, .. Secret, .. batch]);
        yield return Case("U1", "secret", "The secret is cut off.", [.. "SRU1"u8, .. Secret[..15]]);
        yield return Case("U1", "empty", "No batch behind the secret: the request to forget, and no upload.", [.. "SRU1"u8, .. Secret]);
    }

    private static Vector Case(string expect, string name, string comment, byte[] input, byte[]? batch = null) => new(
        "upload", expect, name, comment, input,
        batch is null
            ? []
            : [("secret", Bytes.Hex(Secret)), ("secret-sha256", Bytes.Hex(SHA256.HashData(Secret))),
                ("batch-sha256", Bytes.Sha256(batch))]);
}
