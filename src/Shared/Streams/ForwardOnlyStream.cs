namespace SessionReplay.Streams;

/// <summary>
/// A stream that is read once, from its beginning to its end, as a blob store hands out: it cannot be sought, written or cut.
/// </summary>
/// <remarks>What derives from it reads asynchronously; reading synchronously waits for that, unless it is overridden too.</remarks>
internal abstract class ForwardOnlyStream : Stream
{
    /// <inheritdoc/>
    public sealed override bool CanRead => true;

    /// <inheritdoc/>
    public sealed override bool CanSeek => false;

    /// <inheritdoc/>
    public sealed override bool CanWrite => false;

    /// <summary>Gets the length in bytes, where it is known.</summary>
    /// <exception cref="NotSupportedException">It is not known.</exception>
    public override long Length => throw new NotSupportedException();

    /// <summary>Gets how many bytes have been read, where they are counted; it cannot be set.</summary>
    /// <exception cref="NotSupportedException">The position is set, or bytes are not counted.</exception>
    public sealed override long Position
    {
        get => BytesRead;
        set => throw new NotSupportedException();
    }

    /// <summary>Gets how many bytes have been read.</summary>
    /// <exception cref="NotSupportedException">They are not counted.</exception>
    protected virtual long BytesRead => throw new NotSupportedException();

    /// <inheritdoc/>
    public abstract override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

    /// <inheritdoc/>
    public sealed override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    /// <summary>Does nothing: nothing is written.</summary>
    public sealed override void Flush()
    {
    }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Always.</exception>
    public sealed override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Always.</exception>
    public sealed override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Always.</exception>
    public sealed override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
