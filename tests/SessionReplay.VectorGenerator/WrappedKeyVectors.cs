namespace SessionReplay.VectorGenerator;

/// <summary>Section 7: rules K1 to K3, for the local key ring.</summary>
internal static class WrappedKeyVectors
{
    private const string Tenant = "shop-1";
    private const string KekId = "local-1";

    private static readonly byte[] Kek = Bytes.Of("kek");
    private static readonly byte[] DataKey = Bytes.Of("session key");
    private static readonly byte[] Session = Bytes.Id("session");

    public static IEnumerable<Vector> All()
    {
        var good = Wrap(1, Session);
        yield return Case("success", "session", "A session's key.", good);
        yield return Case("success", "metadata", "A tenant's metadata key.", Wrap(2, new byte[16]), purpose: "2", id: new byte[16]);
        yield return Case("success", "asset", "An asset's key.", Wrap(3, new byte[16]), purpose: "3", id: new byte[16]);
        yield return Case("K1", "length", "60 bytes.", good[..^1]);
        yield return Case("K1", "version", "Version 2.", Bytes.With(good, 0, 2));
        yield return Case("K2", "unknown", "The row names a key-encryption key that the ring has not.", good, wrappedBy: "local-2");
        yield return Case("K3", "tag", "A bit of the tag is changed.", Bytes.Flip(good, ^1));
        yield return Case("K3", "key", "A bit of the wrapped key is changed.", Bytes.Flip(good, 20));
        yield return Case("K3", "moved", "The row of another session.", good, id: Bytes.Id("another session"));
        yield return Case("K3", "purpose", "Another purpose.", Wrap(2, Session));
    }

    private static byte[] Wrap(byte purpose, byte[] id)
    {
        var nonce = Bytes.Of("wrap nonce", 12);
        return [1, .. nonce, .. Sealing.Encrypt(Kek, nonce, DataKey, [purpose, (byte)Tenant.Length, .. Bytes.Ascii(Tenant), .. id])];
    }

    // Long: each vector names what differs from the good one.
    private static Vector Case(
        string expect, string name, string comment, byte[] input, string purpose = "1", byte[]? id = null, string wrappedBy = KekId) => new(
        "wrapped-key", expect, name, comment, input,
        ("kek-id", KekId), ("kek", Bytes.Hex(Kek)), ("wrapped-by", wrappedBy), ("tenant", Tenant), ("purpose", purpose),
        ("id", Bytes.Hex(id ?? Session)), ("data-key", Bytes.Hex(DataKey)));
}
