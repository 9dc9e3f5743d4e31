using SessionReplay.Keys;

namespace SessionReplay.Crypto.Ciphers;

internal sealed class SessionCipherHandle(CipherCacheEntry entry) : CipherHandle<SessionKeys>(entry), ISessionCipher
{
    public long SessionStarted => Cipher.Chunks.SessionStarted;

    public IFieldProtector Fields => Cipher.Fields;

    public bool HasSecret(SessionSecret secret) => Cipher.Chunks.HasSecret(secret);

    public BatchDigest Digest(ReadOnlySpan<byte> identity) => Cipher.Chunks.Digest(identity);

    public void CopyChunkKey(Span<byte> chunkKey, Span<byte> commitment) => Cipher.Chunks.CopyKey(chunkKey, commitment);

    public void Seal(in ChunkHeader header, ReadOnlySpan<byte> payload, Span<byte> chunk) => Cipher.Chunks.Seal(header, payload, chunk);

    public ChunkHeader Open(ChunkId expected, ReadOnlySpan<byte> chunk, Span<byte> payload) => Cipher.Chunks.Open(expected, chunk, payload);
}
