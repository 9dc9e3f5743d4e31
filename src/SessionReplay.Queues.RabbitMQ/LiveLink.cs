namespace SessionReplay.Queues.RabbitMQ;

/// <summary>
/// Keeps one live link. After its end the next call makes another; after a failure at growing intervals, and calls in between fail at once.
/// </summary>
/// <typeparam name="TLink">A link.</typeparam>
/// <param name="open">Makes a link.</param>
/// <param name="unavailable">Says that there is none, and what to do about it.</param>
/// <param name="onFailed">Gets each failure and the time until the next try.</param>
/// <param name="openTime">How long making one may take. A caller that goes away does not end it.</param>
/// <param name="time">The clock.</param>
internal sealed class LiveLink<TLink>(
    Func<CancellationToken, Task<TLink>> open,
    Func<Exception, QueueUnavailableException> unavailable,
    Action<TimeSpan, Exception> onFailed,
    TimeSpan openTime,
    TimeProvider time)
    : IAsyncDisposable
    where TLink : class, ILink
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _disposing = new();
    private readonly ReconnectBackoff _backoff = new(time);
    private Task<TLink>? _link;
    private bool _disposed;

    /// <summary>Gets the live link.</summary>
    /// <exception cref="QueueUnavailableException">There is none.</exception>
    internal async ValueTask<TLink> GetAsync(CancellationToken cancellationToken)
    {
        Task<TLink> link;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            link = _link is { } current && (!current.IsCompleted || current is { IsCompletedSuccessfully: true, Result.IsAlive: true })
                ? current
                : _link = Replace(_link);
        }

        return link.IsCompletedSuccessfully ? link.Result : await link.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => DisposeAsync(static link => link.DisposeAsync());

    /// <summary>Ends the link in a way of the caller's.</summary>
    internal async ValueTask DisposeAsync(Func<TLink, ValueTask> dispose)
    {
        Task<TLink>? link;
        lock (_lock)
        {
            // A container disposes a queue once for each service it is.
            _disposed = true;
            (link, _link) = (_link, null);
        }

        await _disposing.CancelAsync().ConfigureAwait(false);
        if (link is not null)
        {
            await ((Task)link).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (link.IsCompletedSuccessfully)
            {
                await dispose(link.Result).ConfigureAwait(false);
            }
        }
    }

    private Task<TLink> Replace(Task<TLink>? ended)
    {
        var before = ended is { IsCompletedSuccessfully: true } ? ended.Result : null;
        if (before is not null)
        {
            _backoff.CountEnd();
        }

        if (_backoff.Failure is { } failure)
        {
            _link = null;
            _ = before?.DisposeAsync().AsTask();
            throw unavailable(failure);
        }

        return Task.Run(() => OpenAsync(before), CancellationToken.None);
    }

    private async Task<TLink> OpenAsync(TLink? before)
    {
        if (before is not null)
        {
            await before.DisposeAsync().ConfigureAwait(false);
        }

        try
        {
            using var limit = new CancellationTokenSource(openTime, time);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _disposing.Token);
            var link = await open(end.Token).ConfigureAwait(false);
            lock (_lock)
            {
                _backoff.CountSuccess();
            }

            return link;
        }
        catch (Exception e)
        {
            TimeSpan delay;
            lock (_lock)
            {
                delay = _backoff.CountFailure(e);
            }

            onFailed(delay, e);
            throw unavailable(e);
        }
    }
}
