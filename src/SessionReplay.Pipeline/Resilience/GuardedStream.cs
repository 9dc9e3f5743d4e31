using SessionReplay.Storage;
using SessionReplay.Streams;

namespace SessionReplay.Pipeline.Resilience;

/// <summary>
/// A download of which each read is bounded in time: one that stalls ends with an error, as one that breaks off does. Both count for the
/// breaker.
/// </summary>
internal sealed class GuardedStream(Stream inner, DependencyPipeline pipeline, string key) : ForwardOnlyStream
{
    private readonly CancellationTokenSource _limit = pipeline.CreateLimit();

    public override long Length => inner.Length;

    protected override long BytesRead => inner.Position;

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
            pipeline.CountTimeout();
            var error = new IOException($"The reading of '{key}' did not go on within {pipeline.StepTime}.", e);
            await ReportAsync(error).ConfigureAwait(false);
            throw error;
        }
        catch (IOException e)
        {
            await ReportAsync(e).ConfigureAwait(false);
            throw;
        }
    }

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
        _limit.CancelAfter(pipeline.StepTime);
        await using (cancellationToken.UnsafeRegister(static limit => ((CancellationTokenSource)limit!).Cancel(), _limit)
            .ConfigureAwait(false))
        {
            var count = await read.ConfigureAwait(false);
            _limit.CancelAfter(Timeout.InfiniteTimeSpan);
            return count;
        }
    }

    private ValueTask ReportAsync(IOException error) =>
        pipeline.ReportFailureAsync(new BlobStoreUnavailableException($"The reading of '{key}' broke off.", error));
}
