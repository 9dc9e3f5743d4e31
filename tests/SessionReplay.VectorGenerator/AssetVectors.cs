using System.Security.Cryptography;

namespace SessionReplay.VectorGenerator;

/// <summary>Section 5: the rules of chunks with the sizes of assets.</summary>
internal static class AssetVectors
{
    private const string Tenant = "shop-1";
    private const int HeaderSize = 128;

    private static readonly byte[] Key = Bytes.Of("asset key");
    private static readonly byte[] Css = Bytes.Ascii("body { color: #123; }\n.cart > li { margin: 0 }\n");
    private static readonly byte[] Hash = SHA256.HashData(Css);

    public static IEnumerable<Vector> All()
    {
        var good = Asset();
        yield return Case("success", "gzip", "A stylesheet, compressed with gzip.", good, Gzip.Member(Css));
        yield return Case("success", "plain", "The same as it is.", Asset(Css, compression: 0), Css);
        yield return Case("C1", "short", "Shorter than a header.", good[..127]);
        yield return Case("C1", "cut", "The last byte is missing.", good[..^1]);
        yield return Case("C2", "magic", "Another magic; sealed as it stands.", Asset(change: (3, 0x54)));
        yield return Case("C2", "version", "Version 2; sealed as it stands.", Asset(change: (4, 2)));
        yield return Case("C2", "media-type", "Media type 9; sealed as it stands.", Asset(change: (7, 9)));
        yield return Case("C2", "reserved", "The last zero byte is 1; sealed as it stands.", Asset(change: (127, 1)));
        yield return Case("C3", "tenant", "A capital letter in the tenant; sealed as it stands.", Asset(change: (8, (byte)'S')));
        yield return Case("C4", "hash", "Another asset than the one asked for.", good, hash: SHA256.HashData(Key));
        yield return Case("C5", "key", "Sealed under another tenant's key.", Asset(key: Bytes.Of("another asset key")));
        yield return Case("C6", "tag", "A bit of the tag is changed.", Bytes.Flip(good, ^1));
        yield return Case("C6", "header", "The media type is changed to another known one.", Bytes.With(good, 7, 2));
        yield return Case("C7", "length", "Decompresses to one byte more than the header tells.", Asset(contentLength: Css.Length - 1));
    }

    private static byte[] Asset(
        byte[]? payload = null, byte compression = 1, byte[]? key = null, int? contentLength = null, (int At, byte Value)? change = null)
    {
        payload ??= Gzip.Member(Css);
        var okm = Sealing.Expand(key ?? Key, "sessionreplay/v1/asset", Tenant, [], 48);
        var nonce = Bytes.Of("asset nonce", 12);
        byte[] header =
        [
            .. "SRAS"u8, 1, 1, compression, 1, .. Bytes.Padded(Tenant, 40), .. Hash, .. Bytes.U32((uint)(contentLength ?? Css.Length)),
            .. Bytes.U32((uint)payload.Length), .. nonce, .. okm[32..], .. new byte[12],
        ];
        if (change is var (at, value))
        {
            header[at] = value;
        }

        return header.Length == HeaderSize
            ? [.. header, .. Sealing.Encrypt(okm[..32], nonce, payload, header)]
            : throw new InvalidOperationException("The header of an asset has 128 bytes.");
    }

    private static Vector Case(string expect, string name, string comment, byte[] input, byte[]? payload = null, byte[]? hash = null) =>
        new(
        "asset", expect, name, comment, input,
        [
            ("asset-key", Bytes.Hex(Key)), ("tenant", Tenant), ("hash", Bytes.Hex(hash ?? Hash)),
            .. payload is null
                ? Array.Empty<(string, string)>()
                : [("payload-sha256", Bytes.Sha256(payload)), ("content-sha256", Bytes.Sha256(Css))],
        ]);
}
