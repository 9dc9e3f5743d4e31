namespace SessionReplay.TestHosts;

/// <summary>A stream that gives some bytes and then waits, and may fail instead of going on.</summary>
/// <param name="free">How many bytes are given at once.</param>
public sealed class HeldStream(int free) : Stream
{
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left = free;

    /// <summary>The stream that is read.</summary>
    public Stream Inner { get; set; } = Null;

    public Task Disposed => _disposed.Task;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => Inner.Length;

    public override long Position
    {
        get => Inner.Position;
        set => throw new NotSupportedException();
    }

    public void Release() => _released.TrySetResult();

    public void Fail() => _released.TrySetException(new IOException("The reading broke off."));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_left == 0)
        {
            await _released.Task.WaitAsync(cancellationToken);
            return await Inner.ReadAsync(buffer, cancellationToken);
        }

        var read = await Inner.ReadAsync(buffer[..Math.Min(buffer.Length, _left)], cancellationToken);
        _left -= read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Inner.Dispose();
            _disposed.TrySetResult();
        }

        base.Dispose(disposing);
    }
}
