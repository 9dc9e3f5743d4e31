using SessionReplay.Format;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>What of a batch or an asset is sealed: the bytes as they came, unless they were changed or are smaller compressed.</summary>
internal readonly struct SealedPayload : IDisposable
{
    private const int CompressFrom = 1024;

    private readonly PooledBuffer? _compressed;

    private SealedPayload(ReadOnlyMemory<byte> bytes, ChunkCompression compression, long length, PooledBuffer? compressed = null) =>
        (Bytes, Compression, Length, _compressed) = (bytes, compression, length, compressed);

    public ReadOnlyMemory<byte> Bytes { get; }

    public ChunkCompression Compression { get; }

    /// <summary>The length before compression.</summary>
    public long Length { get; }

    /// <param name="body">The bytes as they came.</param>
    /// <param name="content">The decompressed bytes, when they came compressed.</param>
    /// <param name="changed">Whether the sanitizer changed something; if not, bytes that came compressed are sealed as they are.</param>
    /// <param name="compressible">Whether compressing is worth it.</param>
    /// <param name="memory">Lends the memory.</param>
    public static SealedPayload Choose(ReadOnlyMemory<byte> body, PooledBuffer? content, bool changed, bool compressible, IngestMemory.Account memory)
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

    public void Dispose() => _compressed?.Dispose();
}
