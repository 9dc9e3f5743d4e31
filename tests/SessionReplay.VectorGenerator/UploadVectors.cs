using System.Buffers.Binary;
using System.Security.Cryptography;

namespace SessionReplay.VectorGenerator;

/// <summary>Section 2.1: rules U1 and U2.</summary>
internal static class UploadVectors
{
    private static readonly byte[] Secret = Bytes.Of("session secret", 16);

    public static IEnumerable<Vector> All()
    {
        var plain = BatchVectors.Good;
        var gzip = Gzip.Member(plain);
        yield return Good("gzip", "A gzip member.", gzip);
        yield return Good("plain", "A bare message.", plain);
        yield return Good("several", "Batches of both kinds, one of them twice: what they are is not the frame's concern.", gzip, plain, gzip);
        yield return Good("most", "As many batches as an upload may have.", [.. Enumerable.Repeat(plain, 16)]);
        yield return Bad("U1", "bare", "A batch without the frame.", plain);
        yield return Bad("U1", "magic", "Another magic.", [.. "SRU2"u8, .. Upload(plain)[4..]]);
        yield return Bad("U1", "secret", "The secret is cut off.", [.. "SRU1"u8, .. Secret[..15]]);
        yield return Bad("U1", "empty", "Nothing behind the secret: the request to forget, and no upload.", Upload());
        yield return Bad("U2", "cut-length", "Three bytes of a length.", [.. Upload(plain), 0, 0, 1]);
        yield return Bad("U2", "cut-batch", "The last batch is a byte short.", Upload(plain, gzip)[..^1]);
        yield return Bad("U2", "no-length", "A batch of no bytes.", [.. Upload(plain), 0, 0, 0, 0]);
        yield return Bad("U2", "long-length", "A length of 2^32 - 1.", [.. Upload(), 255, 255, 255, 255, .. plain]);
        yield return Bad("U2", "too-many", "Seventeen batches.", Upload([.. Enumerable.Repeat(plain, 17)]));
    }

    private static byte[] Upload(params byte[][] batches)
    {
        using var upload = new MemoryStream();
        upload.Write("SRU1"u8);
        upload.Write(Secret);
        Span<byte> length = stackalloc byte[sizeof(uint)];
        foreach (var batch in batches)
        {
            BinaryPrimitives.WriteUInt32BigEndian(length, (uint)batch.Length);
            upload.Write(length);
            upload.Write(batch);
        }

        return upload.ToArray();
    }

    private static Vector Good(string name, string comment, params byte[][] batches) => new(
        "upload", "success", name, comment, Upload(batches),
        [("secret", Bytes.Hex(Secret)), ("secret-sha256", Bytes.Hex(SHA256.HashData(Secret))),
            ("batch-sha256", string.Join(' ', batches.Select(Bytes.Sha256)))]);

    private static Vector Bad(string rule, string name, string comment, byte[] input) => new("upload", rule, name, comment, input, []);
}
