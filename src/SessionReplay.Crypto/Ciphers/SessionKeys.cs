namespace SessionReplay.Crypto.Ciphers;

/// <summary>What the two keys of a session's row make: the cipher of its chunks and the protector of its fields.</summary>
internal sealed class SessionKeys(SessionCipher chunks, FieldProtector fields) : IDisposable
{
    public SessionCipher Chunks => chunks;

    public FieldProtector Fields => fields;

    public void Dispose()
    {
        chunks.Dispose();
        fields.Dispose();
    }
}
