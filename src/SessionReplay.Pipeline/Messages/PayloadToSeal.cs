using SessionReplay.Format;

namespace SessionReplay.Pipeline.Messages;

/// <summary>
/// The plaintext of a batch or an asset that will be sealed: the bytes as they came, unless they were changed or are smaller compressed.
/// </summary>
public readonly struct PayloadToSeal : IDisposable
{
    private const int CompressFrom = 1024;

    private readonly PooledBuffer? _compressed;

    private PayloadToSeal(ReadOnlyMemory<byte> bytes, ChunkCompression compression, long length, PooledBuffer? compressed = null) =>
        (Bytes, Compression, Length, _compressed) = (bytes, compression, length, compressed);

    /// <summary>Gets the bytes to seal. They are valid until this is disposed, and as long as what they came from.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Gets how they are compressed.</summary>
    public ChunkCompression Compression { get; }

    /// <summary>Gets the length before compression in bytes.</summary>
    public long Length { get; }

    /// <summary>Chooses between the bytes as they came and bytes that are compressed now.</summary>
    /// <param name="body">The bytes as they came.</param>
    /// <param name="content">The decompressed bytes, when they came compressed.</param>
    /// <param name="changed">Whether the sanitizer changed something; if not, bytes that came compressed are sealed as they are.</param>
    /// <param name="compressible">Whether compressing is worth it.</param>
    /// <param name="memory">Where memory is rented.</param>
    /// <returns>What to seal; the caller disposes it.</returns>
    public static PayloadToSeal Choose(
        ReadOnlyMemory<byte> body, PooledBuffer? content, bool changed, bool compressible, IBufferPool memory)
    {
        if (content is not null && !changed && GzipMember.HasBareHeader(body.Span))
        {
            return new(body, ChunkCompression.Gzip, content.Length);
        }

        var plain = content?.WrittenMemory ?? body;
        if (!compressible || plain.Length <= CompressFrom)
        {
            return new(plain, ChunkCompression.None, plain.Length);
        }

        var compressed = GzipMember.Compress(plain.Span, memory);
        return new(compressed.WrittenMemory, ChunkCompression.Gzip, plain.Length, compressed);
    }

    /// <inheritdoc/>
    public void Dispose() => _compressed?.Dispose();
}
