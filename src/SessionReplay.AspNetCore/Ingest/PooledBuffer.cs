namespace SessionReplay.AspNetCore.Ingest;

/// <summary>A growing buffer in borrowed memory; as a stream it is written to. What it held is cleared when it is given back.</summary>
/// <param name="memory">Lends the memory.</param>
/// <param name="capacity">The number of bytes that are probably needed.</param>
internal sealed class PooledBuffer(IBuffers memory, int capacity) : Stream
{
    private byte[] _array = memory.Borrow(capacity);
    private int _length;

    public Memory<byte> WrittenMemory => _array.AsMemory(0, _length);

    public Span<byte> WrittenSpan => _array.AsSpan(0, _length);

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _length;

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    /// <summary>Room for at least some more bytes; <see cref="Advance"/> takes them in.</summary>
    public Memory<byte> GetMemory(int least)
    {
        if (_array.Length - _length < least)
        {
            var greater = memory.Borrow((int)Math.Min(Math.Max((long)_array.Length * 2, (long)_length + least), Array.MaxLength));
            WrittenSpan.CopyTo(greater);
            Release();
            _array = greater;
        }

        return _array.AsMemory(_length);
    }

    public void Advance(int count) => _length += count;

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        buffer.CopyTo(GetMemory(buffer.Length).Span);
        _length += buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

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
        WrittenSpan.Clear();
        memory.Return(_array);
    }
}
