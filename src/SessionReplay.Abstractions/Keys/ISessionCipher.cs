
namespace SessionReplay.Keys;

/// <summary>Seals and opens the chunks of one session. Safe for concurrent use.</summary>
public interface ISessionCipher : IDisposable
{
    /// <summary>Gets when the session's key was made, ms since the Unix epoch on the server's clock.</summary>
    long SessionStarted { get; }

    /// <summary>
    /// Computes the digest that distinguishes a batch from another one with the same id (docs/format/v1.md, section 3.1).
    /// </summary>
    /// <param name="identity">What makes the batch the one that it is.</param>
    /// <returns>The digest, keyed by the session's key.</returns>
    BatchDigest Digest(ReadOnlySpan<byte> identity);

    /// <summary>Gets the protector of the session's fields; it is valid until this is disposed.</summary>
    IFieldProtector Fields { get; }

    /// <summary>
    /// Copies what opens the session's chunks, and nothing else of the session (docs/format/v1.md, section 3.1): for a viewer who opens
    /// them.
    /// </summary>
    /// <param name="chunkKey">Takes the chunk key, 32 bytes; the caller clears it after use.</param>
    /// <param name="commitment">Takes the commitment to it, 16 bytes.</param>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    void CopyChunkKey(Span<byte> chunkKey, Span<byte> commitment);

    /// <summary>Seals a payload.</summary>
    /// <param name="header">The header; its <see cref="ChunkHeader.PayloadLength"/> is the length of <paramref name="payload"/> and its
    /// <see cref="ChunkHeader.SessionStarted"/> is <see cref="SessionStarted"/>.</param>
    /// <param name="payload">The batch, compressed as the header says.</param>
    /// <param name="chunk">Takes the chunk, <see cref="ChunkHeader.ChunkLength"/> bytes. It must not overlap <paramref name="payload"/>
    /// except that the payload may already lie at its final place, <see cref="ChunkHeader.Size"/> bytes in.</param>
    /// <exception cref="ArgumentException">The header names another session, or the lengths do not fit.</exception>
    void Seal(in ChunkHeader header, ReadOnlySpan<byte> payload, Span<byte> chunk);

    /// <summary>Opens a chunk.</summary>
    /// <param name="expected">The chunk that was asked for.</param>
    /// <param name="chunk">The chunk.</param>
    /// <param name="payload">Takes the payload, <c>chunk.Length - 176</c> bytes. It holds nothing of the content unless the call
    /// returns.</param>
    /// <returns>The authentic header.</returns>
    /// <exception cref="FormatRejectedException">Rules C1 to C6.</exception>
    ChunkHeader Open(ChunkId expected, ReadOnlySpan<byte> chunk, Span<byte> payload);
}
