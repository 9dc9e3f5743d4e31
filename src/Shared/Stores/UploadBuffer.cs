using System.Buffers;

namespace SessionReplay.Storage;

/// <summary>
/// A part of an upload in pooled memory, for stores whose clients read a body more than once (to sign it, to send it again).
/// </summary>
internal sealed class UploadBuffer : IDisposable
{
    private byte[]? _array;

    /// <summary>Initializes a new instance of the <see cref="UploadBuffer"/> class with undefined content.</summary>
    /// <param name="length">The size in bytes.</param>
    public UploadBuffer(int length)
    {
        _array = ArrayPool<byte>.Shared.Rent(length);
        Length = length;
    }

    /// <summary>Gets the size in bytes.</summary>
    public int Length { get; }

    /// <summary>Gets the bytes.</summary>
    /// <exception cref="ObjectDisposedException">The part was disposed.</exception>
    public Memory<byte> Memory => (_array ?? throw new ObjectDisposedException(nameof(UploadBuffer))).AsMemory(0, Length);

    /// <summary>Reads the next part of an upload.</summary>
    /// <param name="content">The upload.</param>
    /// <param name="length">The size of the part in bytes.</param>
    /// <param name="isLast">Whether <paramref name="content"/> must end behind the part.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The part; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">The content ends within the part, or goes on behind the last.</exception>
    public static async ValueTask<UploadBuffer> ReadAsync(Stream content, int length, bool isLast, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        var part = new UploadBuffer(length);
        try
        {
            var read = await content.ReadAtLeastAsync(part.Memory, length, throwOnEndOfStream: false, cancellationToken)
                .ConfigureAwait(false);
            if (read < length || (isLast && await content.ReadAsync(new byte[1], cancellationToken).ConfigureAwait(false) > 0))
            {
                throw new ArgumentException("The content does not match the declared length.", nameof(content));
            }

            return part;
        }
        catch
        {
            part.Dispose();
            throw;
        }
    }

    /// <summary>Gets the bytes as a stream, valid until the part is disposed.</summary>
    /// <returns>A seekable stream that cannot be written.</returns>
    /// <exception cref="ObjectDisposedException">The part was disposed.</exception>
    public MemoryStream AsStream() => new(_array ?? throw new ObjectDisposedException(nameof(UploadBuffer)), 0, Length, writable: false);

    /// <summary>Gives the memory back to the pool.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _array, null) is { } array)
        {
            ArrayPool<byte>.Shared.Return(array);
        }
    }
}
