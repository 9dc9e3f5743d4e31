using System.Security.Cryptography;

namespace SessionReplay.VectorGenerator;

/// <summary>Section 6.</summary>
internal static class SealedFieldVectors
{
    private const string Tenant = "shop-1";
    private const string Name = "user.email";

    private static readonly byte[] Key = Bytes.Of("metadata key");
    private static readonly byte[] Owner = Bytes.Id("session");
    private static readonly byte[] Plaintext = Bytes.Ascii("ada@shop.example");
    private static readonly byte[] Okm = Sealing.Expand(Key, "sessionreplay/v1/field", Tenant, [], 64);

    public static IEnumerable<Vector> All()
    {
        var good = Seal(Name, Owner, Plaintext);
        yield return Case("success", "text", "An e-mail address.", good, Plaintext);
        yield return Case("success", "empty", "An empty text.", Seal(Name, Owner, []), []);
        yield return Case("C2", "version", "Version 2.", Bytes.With(good, 0, 2));
        yield return Case("C2", "short", "Shorter than version, nonce and tag.", good[..28]);
        yield return Case("C6", "tag", "A bit of the tag is changed.", Bytes.Flip(good, ^1));
        yield return Case("C6", "owner", "The field of another session.", good, owner: Bytes.Id("another session"));
        yield return Case("C6", "name", "Another field of the same session.", Seal("user.name", Owner, Plaintext));
    }

    public static byte[] Seal(string name, byte[] owner, byte[] plaintext)
    {
        var nonce = Bytes.Of("field nonce " + name, 12);
        return [1, .. nonce, .. Sealing.Encrypt(HKDF.Expand(HashAlgorithmName.SHA256, Okm[..32], 32, owner), nonce, plaintext, [.. Bytes.Ascii(name), 0, .. owner])];
    }

    private static Vector Case(string expect, string name, string comment, byte[] input, byte[]? plaintext = null, byte[]? owner = null) => new(
        "sealed-field", expect, name, comment, input,
        [
            ("metadata-key", Bytes.Hex(Key)), ("tenant", Tenant), ("name", Name), ("owner", Bytes.Hex(owner ?? Owner)),
            .. plaintext is null
                ? Array.Empty<(string, string)>()
                : [
                    ("plaintext", Bytes.Hex(plaintext)),
                    ("blind-index", Bytes.Hex(HMACSHA256.HashData(Okm[32..], (byte[])[.. Bytes.Ascii(Name), 0, .. plaintext])[..16])),
                ],
        ]);
}
