using SessionReplay.Format;
using SessionReplay.Keys;

namespace SessionReplay.Crypto.Ciphers;

internal sealed class SessionCipherLease(CipherCacheEntry entry) : Lease<SessionCipher>(entry), ISessionCipher
{
    public long SessionStarted => Cipher.SessionStarted;

    public bool HasSecret(SessionSecret secret) => Cipher.HasSecret(secret);

    public BatchDigest Digest(ReadOnlySpan<byte> identity) => Cipher.Digest(identity);

    public void Seal(in ChunkHeader header, ReadOnlySpan<byte> payload, Span<byte> chunk) => Cipher.Seal(header, payload, chunk);

    public ChunkHeader Open(ChunkId expected, ReadOnlySpan<byte> chunk, Span<byte> payload) => Cipher.Open(expected, chunk, payload);
}
