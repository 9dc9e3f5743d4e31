using Microsoft.Extensions.Logging;

namespace SessionReplay.Queues.RabbitMQ;

/// <summary>Keeps one live link. After a failure the next call makes a new one, at growing intervals; calls in between fail at once.</summary>
internal sealed class RabbitMQLinks(RabbitMQConnector connector, RabbitMQQueueOptions options, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan GreatestDelay = TimeSpan.FromSeconds(5);
    private readonly SemaphoreSlim _opening = new(1, 1);
    private readonly QueueTopology _topology = new(options);
    private RabbitMQLink? _link;
    private Exception? _failure;
    private long _failedAt;
    private TimeSpan _delay;
    private int _failures;
    private bool _disposed;

    /// <summary>Gets the live link.</summary>
    /// <exception cref="QueueUnavailableException">The broker cannot be reached.</exception>
    internal async ValueTask<RabbitMQLink> GetAsync(CancellationToken cancellationToken)
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
                throw Unavailable(_failure);
            }

            return await OpenAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <summary>Says that the broker did not confirm.</summary>
    internal static QueueUnavailableException Unavailable(Exception cause) => new(
        $"RabbitMQ did not confirm: {cause.Message} Check RabbitMQQueueOptions.ConnectionString, the broker and its alarms, and try again.", cause);

    public async ValueTask DisposeAsync()
    {
        await _opening.WaitAsync().ConfigureAwait(false);
        try
        {
            // A container disposes the queue once for each service it is.
            _disposed = true;
            if (_link is not null)
            {
                await _link.DisposeAsync().ConfigureAwait(false);
                _link = null;
            }
        }
        finally
        {
            _opening.Release();
        }
    }

    private async Task<RabbitMQLink> OpenAsync(CancellationToken cancellationToken)
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
            _link = await RabbitMQLink.OpenAsync(connector, options, _topology, logger, end.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            _failure = e;
            _failedAt = time.GetTimestamp();
            _failures++;
            _delay = RetryDelay.Compute(_failures, FirstDelay, GreatestDelay, Random.Shared.NextDouble());
            Log.ConnectFailed(logger, _delay, e);
            throw Unavailable(e);
        }

        _failure = null;
        _failures = 0;
        Telemetry.Connects.Add(1);
        Log.Connected(logger, options.QueueName);
        return _link;
    }
}
