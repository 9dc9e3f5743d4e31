using SessionReplay.Keys;

namespace SessionReplay.Crypto.Ciphers;

/// <summary>Seals single values of one session (docs/format/v1.md, section 6).</summary>
internal sealed class FieldProtector : IFieldProtector, IDisposable
{
    private const string Label = "sessionreplay/v1/facts";

    private readonly DerivedKey _key;

    public FieldProtector(SessionRef session, ReadOnlySpan<byte> factsKey)
    {
        Span<byte> id = stackalloc byte[16];
        session.Session.Write(id);
        _key = DerivedKey.Create(factsKey, Label, session.Tenant, id, extraSize: 0);
    }

    public byte[] Seal(string name, ReadOnlySpan<byte> owner, ReadOnlySpan<byte> plaintext) =>
        SealedField.Seal(_key, name, owner, plaintext);

    public byte[] Open(string name, ReadOnlySpan<byte> owner, ReadOnlySpan<byte> sealedField) =>
        SealedField.Open(_key, name, owner, sealedField);

    public void Dispose() => _key.Dispose();
}
