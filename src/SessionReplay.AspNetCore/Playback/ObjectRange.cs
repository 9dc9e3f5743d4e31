using SessionReplay.Catalog;
using SessionReplay.Format;
using SessionReplay.Storage;

namespace SessionReplay.AspNetCore.Playback;

/// <summary>Reads the chunks of one object from front to back, in one read.</summary>
internal sealed class ObjectRange : IAsyncDisposable
{
    private const int SkipSize = 64 * 1024;

    private readonly Stream _stream;
    private readonly long _end;
    private long _position;

    private ObjectRange(Stream stream, long offset, long length) => (_stream, _position, _end) = (stream, offset, offset + length);

    /// <exception cref="BlobNotFoundException">The object does not exist.</exception>
    public static async ValueTask<ObjectRange> OpenAsync(
        IBlobStore blobs, string key, long offset, long length, CancellationToken cancellationToken)
    {
        try
        {
            var stream = await blobs.OpenReadAsync(key, offset, length, cancellationToken).ConfigureAwait(false);
            return new(stream, offset, length);
        }
        catch (ArgumentException)
        {
            return await OpenShortAsync(blobs, key, offset, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Reads a chunk that lies behind those that were read before.</summary>
    /// <returns>The chunk; the caller disposes it.</returns>
    /// <exception cref="FormatRejectedException">The chunk does not lie in the object.</exception>
    public async ValueTask<PooledBuffer> ReadAsync(ChunkLocation place, CancellationToken cancellationToken)
    {
        if (place.Length > _end - place.Offset)
        {
            throw new FormatRejectedException("R3", "The place of the chunk lies outside of its object.");
        }

        var length = (int)place.Length;
        var chunk = new PooledBuffer(SharedBufferPool.Instance, Math.Max(length, (int)Math.Min(SkipSize, place.Offset - _position)));
        try
        {
            while (_position < place.Offset)
            {
                var skipped = chunk.GetMemory(1);
                _position += await _stream.ReadAtLeastAsync(
                    skipped[..(int)Math.Min(skipped.Length, place.Offset - _position)], 1, cancellationToken: cancellationToken)
                    .ConfigureAwait(false);
            }

            await _stream.ReadExactlyAsync(chunk.GetMemory(length)[..length], cancellationToken).ConfigureAwait(false);
            chunk.Advance(length);
            _position += length;
            return chunk;
        }
        catch
        {
            chunk.Dispose();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    /// <summary>An object that ends before the range does: what is there is read all the same.</summary>
    private static async ValueTask<ObjectRange> OpenShortAsync(
        IBlobStore blobs, string key, long offset, CancellationToken cancellationToken)
    {
        try
        {
            var stream = await blobs.OpenReadAsync(key, offset, null, cancellationToken).ConfigureAwait(false);
            return new(stream, offset, stream.Length);
        }
        catch (ArgumentException)
        {
            return new(Stream.Null, offset, 0);
        }
    }
}
