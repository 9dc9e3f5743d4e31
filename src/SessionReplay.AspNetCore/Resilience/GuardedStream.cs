using SessionReplay.Storage;

namespace SessionReplay.AspNetCore.Resilience;

/// <summary>A download of which each read is bounded in time: one that stalls ends with an error, as one that breaks off does. Both count for the breaker.</summary>
internal sealed class GuardedStream(Stream inner, Circuit circuit, string key) : Stream
{
    private readonly CancellationTokenSource _limit = circuit.CreateLimit();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            var read = inner.ReadAsync(buffer, _limit.Token);
            return read.IsCompleted ? await read.ConfigureAwait(false) : await WaitAsync(read, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            circuit.CountTimeout();
            var error = new IOException($"The reading of '{key}' did not go on within {circuit.StepTime}.", e);
            await ReportAsync(error).ConfigureAwait(false);
            throw error;
        }
        catch (IOException e)
        {
            await ReportAsync(e).ConfigureAwait(false);
            throw;
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            _limit.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> WaitAsync(ValueTask<int> read, CancellationToken cancellationToken)
    {
        _limit.CancelAfter(circuit.StepTime);
        await using (cancellationToken.UnsafeRegister(static limit => ((CancellationTokenSource)limit!).Cancel(), _limit).ConfigureAwait(false))
        {
            var count = await read.ConfigureAwait(false);
            _limit.CancelAfter(Timeout.InfiniteTimeSpan);
            return count;
        }
    }

    private ValueTask ReportAsync(IOException error) =>
        circuit.ReportFailureAsync(new BlobStoreUnavailableException($"The reading of '{key}' broke off.", error));
}
