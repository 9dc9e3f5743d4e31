using System.Buffers;

namespace SessionReplay.Storage.S3;

/// <summary>A part of an upload in pooled memory: the SDK reads a body again when it signs it.</summary>
internal sealed class PooledBuffer(int length) : IDisposable
{
    private byte[]? _array = ArrayPool<byte>.Shared.Rent(length);

    public Memory<byte> Memory => _array.AsMemory(0, length);

    public static async ValueTask<PooledBuffer> ReadAsync(Stream content, int length, bool mustEnd, CancellationToken cancellationToken)
    {
        var buffer = new PooledBuffer(length);
        try
        {
            var read = await content.ReadAtLeastAsync(buffer.Memory, length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            if (read < length || (mustEnd && await content.ReadAsync(new byte[1], cancellationToken).ConfigureAwait(false) > 0))
            {
                throw new ArgumentException("The content has not the length that was told.", nameof(content));
            }

            return buffer;
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    public MemoryStream AsStream() => new(_array!, 0, length, writable: false);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _array, null) is { } array)
        {
            ArrayPool<byte>.Shared.Return(array);
        }
    }
}
