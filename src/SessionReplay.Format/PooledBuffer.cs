namespace SessionReplay.Format;

/// <summary>
/// A growing buffer of rented arrays; as a stream it is write-only. It clears its content before it returns an array to the pool.
/// </summary>
/// <param name="pool">Where the arrays are rented.</param>
/// <param name="capacity">The number of bytes that are probably needed.</param>
public sealed class PooledBuffer(IBufferPool pool, int capacity) : Stream
{
    private byte[] _array = pool.Rent(capacity);
    private int _length;

    /// <summary>Gets the bytes written so far. Valid until the next write or <see cref="Stream.Dispose()"/>.</summary>
    public Memory<byte> WrittenMemory => _array.AsMemory(0, _length);

    /// <summary>Gets the bytes written so far. Valid until the next write or <see cref="Stream.Dispose()"/>.</summary>
    public Span<byte> WrittenSpan => _array.AsSpan(0, _length);

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => _length;

    /// <inheritdoc/>
    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    /// <summary>Gets room for more bytes; <see cref="Advance"/> then counts those that were written.</summary>
    /// <param name="minLength">The smallest number of bytes.</param>
    /// <returns>Memory of at least that length.</returns>
    public Memory<byte> GetMemory(int minLength)
    {
        if (_array.Length - _length < minLength)
        {
            var greater = pool.Rent((int)Math.Min(Math.Max((long)_array.Length * 2, (long)_length + minLength), Array.MaxLength));
            WrittenSpan.CopyTo(greater);
            Release();
            _array = greater;
        }

        return _array.AsMemory(_length);
    }

    /// <summary>Counts bytes that were written to the memory of <see cref="GetMemory"/>.</summary>
    /// <param name="count">How many.</param>
    public void Advance(int count) => _length += count;

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        buffer.CopyTo(GetMemory(buffer.Length).Span);
        _length += buffer.Length;
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && _array.Length > 0)
        {
            Release();
            _array = [];
            _length = 0;
        }

        base.Dispose(disposing);
    }

    private void Release()
    {
        // All of it: memory of GetMemory may have been written without having been counted.
        Array.Clear(_array);
        pool.Return(_array);
    }
}
