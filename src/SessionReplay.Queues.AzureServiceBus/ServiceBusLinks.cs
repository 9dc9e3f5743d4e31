using Microsoft.Extensions.Logging;

namespace SessionReplay.Queues.AzureServiceBus;

/// <summary>Keeps one live connection. After a failure the next call makes a new one, at growing intervals; calls in between fail at once.</summary>
internal sealed class ServiceBusLinks(
    ServiceBusConnector connector, TokenSource? tokens, AzureServiceBusQueueOptions options, ServiceBusTarget target, TimeProvider time, ILogger logger)
    : IAsyncDisposable
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan GreatestDelay = TimeSpan.FromSeconds(5);
    private readonly SemaphoreSlim _opening = new(1, 1);
    private ServiceBusLink? _link;
    private Exception? _failure;
    private long _failedAt;
    private TimeSpan _delay;
    private int _failures;
    private bool _disposed;

    /// <summary>Gets the live link.</summary>
    /// <exception cref="QueueUnavailableException">The service cannot be reached.</exception>
    internal async ValueTask<ServiceBusLink> GetAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _link) is { IsAlive: true } link)
        {
            return link;
        }

        await _opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_link is { IsAlive: true })
            {
                return _link;
            }

            if (_failure is not null && time.GetElapsedTime(_failedAt) < _delay)
            {
                throw ServiceBusErrors.Unavailable(_failure);
            }

            return await OpenAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _opening.Release();
        }
    }

    public ValueTask DisposeAsync() => DisposeAsync(static link => link.DisposeAsync());

    /// <summary>Ends as if the process had been killed, for tests of the recovery.</summary>
    internal ValueTask AbandonAsync() => DisposeAsync(static link => new ValueTask(link.AbortAsync()));

    private async ValueTask DisposeAsync(Func<ServiceBusLink, ValueTask> dispose)
    {
        await _opening.WaitAsync().ConfigureAwait(false);
        try
        {
            // A container disposes the queue once for each service it is.
            _disposed = true;
            if (_link is not null)
            {
                await dispose(_link).ConfigureAwait(false);
                _link = null;
            }
        }
        finally
        {
            _opening.Release();
        }
    }

    private async Task<ServiceBusLink> OpenAsync(CancellationToken cancellationToken)
    {
        if (_link is not null)
        {
            await _link.DisposeAsync().ConfigureAwait(false);
            _link = null;
        }

        try
        {
            using var limit = new CancellationTokenSource(options.ConfirmTimeout, time);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
            _link = await ServiceBusLink.OpenAsync(connector, tokens, options, target, time, logger, end.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            _failure = e;
            _failedAt = time.GetTimestamp();
            _failures++;
            _delay = RetryDelay.Compute(_failures, FirstDelay, GreatestDelay, Random.Shared.NextDouble());
            Log.ConnectFailed(logger, _delay, e);
            throw ServiceBusErrors.Unavailable(e);
        }

        _failure = null;
        _failures = 0;
        Telemetry.Connects.Add(1);
        Log.Connected(logger, target.Queue);
        return _link;
    }
}
