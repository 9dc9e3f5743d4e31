using System.Security.Cryptography;
using SessionReplay.Format;

namespace SessionReplay.Crypto.Ciphers;

/// <summary>Seals and opens the chunks of one session (docs/format/v1.md, section 3).</summary>
internal sealed class SessionCipher : IDisposable
{
    private const string Label = "sessionreplay/v1/chunk";
    private const int DigestKeySize = 32;

    private readonly SessionRef _session;
    private readonly DerivedKey _key;
    private readonly ReadOnlyMemory<byte> _secretHash;

    public SessionCipher(SessionRef session, long sessionStarted, ReadOnlyMemory<byte> secretHash, ReadOnlySpan<byte> sessionKey)
    {
        Span<byte> id = stackalloc byte[16];
        session.Session.Write(id);
        _session = session;
        _key = DerivedKey.Create(sessionKey, Label, session.Tenant, id, ChunkHeaderCodec.CommitmentSize + DigestKeySize);
        _secretHash = secretHash;
        SessionStarted = sessionStarted;
    }

    public long SessionStarted { get; }

    private ReadOnlySpan<byte> Commitment => _key.Extra[..ChunkHeaderCodec.CommitmentSize];

    public bool HasSecret(SessionSecret secret) => secret.Matches(_secretHash.Span);

    public BatchDigest Digest(ReadOnlySpan<byte> identity)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key.Extra[ChunkHeaderCodec.CommitmentSize..], identity, hash);
        return BatchDigest.Read(hash);
    }

    public void CopyKey(Span<byte> chunkKey, Span<byte> commitment)
    {
        if (chunkKey.Length != KeyMaterial.Size || commitment.Length != ChunkHeaderCodec.CommitmentSize)
        {
            throw new ArgumentException(
                $"The key has {KeyMaterial.Size} bytes and the commitment {ChunkHeaderCodec.CommitmentSize}.", nameof(chunkKey));
        }

        _key.Key.CopyTo(chunkKey);
        Commitment.CopyTo(commitment);
    }

    public void Seal(in ChunkHeader header, ReadOnlySpan<byte> payload, Span<byte> chunk)
    {
        if (header.Id.SessionRef != _session || header.SessionStarted != SessionStarted)
        {
            throw new ArgumentException("The header names another session, or another start of it, than the cipher's.", nameof(header));
        }

        if (header.PayloadLength != payload.Length || chunk.Length != header.ChunkLength)
        {
            throw new ArgumentException("The header's payload length does not fit the payload or the space for the chunk.", nameof(header));
        }

        Span<byte> nonce = stackalloc byte[ChunkHeaderCodec.NonceSize];
        RandomNumberGenerator.Fill(nonce);
        header.Write(chunk, nonce, Commitment);
        _key.Encrypt(
            nonce, payload, chunk.Slice(ChunkHeader.Size, payload.Length), chunk[(ChunkHeader.Size + payload.Length)..],
            chunk[..ChunkHeader.Size]);
    }

    public ChunkHeader Open(ChunkId expected, ReadOnlySpan<byte> chunk, Span<byte> payload)
    {
        var header = ChunkHeaderCodec.Read(chunk, _session.Tenant);
        if (chunk.Length != header.ChunkLength || payload.Length != header.PayloadLength)
        {
            throw new FormatRejectedException("C1", "The chunk does not have the length of its header.");
        }

        if (header.Id != expected || header.Id.SessionRef != _session)
        {
            throw new FormatRejectedException("C4", "The chunk is another than the one asked for.");
        }

        if (!CryptographicOperations.FixedTimeEquals(ChunkHeaderCodec.CommitmentOf(chunk), Commitment))
        {
            throw new FormatRejectedException("C5", "The chunk was not sealed under this session's key.");
        }

        var sealedPayload = chunk[ChunkHeader.Size..];
        if (!_key.TryDecrypt(
            ChunkHeaderCodec.NonceOf(chunk), sealedPayload[..payload.Length], sealedPayload[payload.Length..], payload,
            chunk[..ChunkHeader.Size]))
        {
            throw new FormatRejectedException("C6", "The chunk is not authentic.");
        }

        return header;
    }

    public void Dispose() => _key.Dispose();
}
