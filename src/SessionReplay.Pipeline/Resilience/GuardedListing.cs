using SessionReplay.Storage;

namespace SessionReplay.Pipeline.Resilience;

/// <summary>
/// A listing whose steps are bounded in time. Its first step belongs to the call that opens it; later ones fail without a repetition.
/// </summary>
internal sealed class GuardedListing : IAsyncDisposable
{
    private readonly DependencyPipeline _pipeline;
    private readonly string _prefix;
    private readonly CancellationToken _caller;
    private readonly CancellationTokenSource _limit;
    private readonly CancellationTokenSource _either;
    private readonly IAsyncEnumerator<BlobInfo> _blobs;

    private GuardedListing(IBlobStore store, string prefix, DependencyPipeline pipeline, CancellationToken caller)
    {
        (_pipeline, _prefix, _caller) = (pipeline, prefix, caller);
        _limit = pipeline.CreateLimit();
        // The token of the attempt ends with it; the listing goes on.
        _either = CancellationTokenSource.CreateLinkedTokenSource(_limit.Token, caller);
        _blobs = store.ListAsync(prefix, _either.Token).GetAsyncEnumerator(_either.Token);
    }

    public bool HasCurrent { get; private set; }

    public BlobInfo Current => _blobs.Current;

    public static async ValueTask<GuardedListing> OpenAsync(
        IBlobStore store, string prefix, DependencyPipeline pipeline, CancellationToken caller, CancellationToken attempt)
    {
        var listing = new GuardedListing(store, prefix, pipeline, caller);
        try
        {
            await using (attempt.UnsafeRegister(static limit => ((CancellationTokenSource)limit!).Cancel(), listing._limit)
                .ConfigureAwait(false))
            {
                listing.HasCurrent = await listing._blobs.MoveNextAsync().ConfigureAwait(false);
            }

            return listing;
        }
        catch
        {
            await listing.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <exception cref="BlobStoreUnavailableException">The store failed, or did not answer in time.</exception>
    public async ValueTask MoveNextAsync()
    {
        try
        {
            var next = _blobs.MoveNextAsync();
            if (next.IsCompleted)
            {
                HasCurrent = await next.ConfigureAwait(false);
                return;
            }

            _limit.CancelAfter(_pipeline.StepTime);
            HasCurrent = await next.ConfigureAwait(false);
            _limit.CancelAfter(Timeout.InfiniteTimeSpan);
        }
        catch (OperationCanceledException e) when (!_caller.IsCancellationRequested)
        {
            _pipeline.CountTimeout();
            var error = new BlobStoreUnavailableException($"The listing of '{_prefix}' did not go on within {_pipeline.StepTime}.", e);
            await _pipeline.ReportFailureAsync(error).ConfigureAwait(false);
            throw error;
        }
        catch (BlobStoreUnavailableException e)
        {
            await _pipeline.ReportFailureAsync(e).ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _blobs.DisposeAsync().ConfigureAwait(false);
        _either.Dispose();
        _limit.Dispose();
    }
}
