namespace SessionReplay.Format;

/// <summary>Reads pieces of memory one after the other, without copying them together.</summary>
/// <param name="segments">The pieces in order; they must stay unchanged while the stream is read.</param>
public sealed class MemorySegmentStream(IReadOnlyList<ReadOnlyMemory<byte>> segments) : Stream
{
    private int _segment;
    private int _offset;
    private long _position;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => true;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => segments.Sum(s => (long)s.Length);

    /// <inheritdoc/>
    public override long Position
    {
        get => _position;
        set => Seek(value, SeekOrigin.Begin);
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        while (_segment < segments.Count && _offset == segments[_segment].Length)
        {
            _segment++;
            _offset = 0;
        }

        if (_segment == segments.Count)
        {
            return 0;
        }

        var take = Math.Min(buffer.Length, segments[_segment].Length - _offset);
        segments[_segment].Span.Slice(_offset, take).CopyTo(buffer);
        _offset += take;
        _position += take;
        return take;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Read(buffer.Span));

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        Task.FromResult(Read(buffer.AsSpan(offset, count)));

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin)
    {
        var position = offset + (origin switch { SeekOrigin.Begin => 0, SeekOrigin.Current => _position, _ => Length });
        ArgumentOutOfRangeException.ThrowIfNegative(position, nameof(offset));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(position, Length, nameof(offset));
        (_position, _segment, var rest) = (position, 0, position);
        while (_segment < segments.Count && rest >= segments[_segment].Length)
        {
            rest -= segments[_segment++].Length;
        }

        _offset = (int)rest;
        return position;
    }

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
