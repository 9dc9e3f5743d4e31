using System.Security.Cryptography;

namespace SessionReplay.VectorGenerator;

/// <summary>Section 6.</summary>
internal static class SealedFieldVectors
{
    private const string Tenant = "shop-1";
    private const string Name = "session.user";

    private static readonly byte[] Key = Bytes.Of("metadata key");
    private static readonly byte[] FactsKey = Bytes.Of("facts key");
    private static readonly byte[] Session = Bytes.Id("session");
    private static readonly byte[] Plaintext = Bytes.Ascii("ada@shop.example");
    private static readonly byte[] Okm = Sealing.Expand(Key, "sessionreplay/v1/metadata", Tenant, [], 64);
    private static readonly byte[] SealedFactsKey = Seal(
        HKDF.Expand(HashAlgorithmName.SHA256, Okm[..32], 32, Session), "session.facts-key", Session, FactsKey);

    public static IEnumerable<Vector> All()
    {
        var good = Field(Name, Session, Plaintext);
        yield return Case("success", "text", "A text.", good, Plaintext);
        yield return Case("success", "empty", "An empty text.", Field(Name, Session, []), []);
        yield return Case("C2", "version", "Version 2.", Bytes.With(good, 0, 2));
        yield return Case("C2", "short", "Shorter than version, nonce and tag.", good[..28]);
        yield return Case("C2", "no-facts-key", "The session's row in the key store has no facts key.", good, factsKey: []);
        yield return Case("C6", "tag", "A bit of the tag is changed.", Bytes.Flip(good, ^1));
        yield return Case("C6", "owner", "The field of another owner.", good, owner: Bytes.Id("another owner"));
        yield return Case("C6", "name", "Another field of the same session.", Field("session.ip", Session, Plaintext));
        yield return Case("C6", "facts-key", "A bit of the wrapped facts key is changed.", good, factsKey: Bytes.Flip(SealedFactsKey, 20));
        yield return Case("C6", "session", "The wrapped facts key of another session.", good, session: Bytes.Id("another session"));
    }

    /// <summary>Seals a field of the session of all vectors.</summary>
    public static byte[] Field(string name, byte[] owner, byte[] plaintext) =>
        Seal(Sealing.Expand(FactsKey, "sessionreplay/v1/facts", Tenant, Session, 32), name, owner, plaintext);

    private static byte[] Seal(byte[] key, string name, byte[] owner, byte[] plaintext)
    {
        var nonce = Bytes.Of("field nonce " + name, 12);
        return [1, .. nonce, .. Sealing.Encrypt(key, nonce, plaintext, [.. Bytes.Ascii(name), 0, .. owner])];
    }

    // Long: each vector names what differs from the good one.
    private static Vector Case(
        string expect, string name, string comment, byte[] input, byte[]? plaintext = null, byte[]? owner = null, byte[]? session = null,
        byte[]? factsKey = null) => new(
        "sealed-field", expect, name, comment, input,
        [
            ("metadata-key", Bytes.Hex(Key)), ("sealed-facts-key", Bytes.Hex(factsKey ?? SealedFactsKey)), ("tenant", Tenant),
            ("session", Bytes.Hex(session ?? Session)), ("name", Name), ("owner", Bytes.Hex(owner ?? Session)),
            .. plaintext is null
                ? Array.Empty<(string, string)>()
                : [
                    ("plaintext", Bytes.Hex(plaintext)),
                    ("blind-index", Bytes.Hex(HMACSHA256.HashData(Okm[32..], (byte[])[.. Bytes.Ascii(Name), 0, .. plaintext])[..16])),
                ],
        ]);
}
