using Microsoft.Extensions.Logging;

namespace SessionReplay.Queues;

/// <summary>
/// Makes the calls to a broker, each within a time limit. What fails, for whatever reason but the caller's own cancellation, is the queue's
/// unavailability.
/// </summary>
/// <param name="timeout">How long a call may take.</param>
/// <param name="unavailable">Makes the exception for a cause.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Takes what is not thrown.</param>
internal sealed class BrokerCalls(
    TimeSpan timeout, Func<Exception, QueueUnavailableException> unavailable, TimeProvider time, ILogger logger)
{
    /// <summary>How long a call on the dead letters may take: it goes through many messages.</summary>
    private static readonly TimeSpan OperatorTimeout = TimeSpan.FromMinutes(10);

    private readonly SemaphoreSlim _publishes = new(int.MaxValue);

    /// <summary>Gets what makes sure of the connection before each call.</summary>
    internal Func<CancellationToken, ValueTask> Connect { get; init; } = static _ => ValueTask.CompletedTask;

    /// <summary>Gets what hears of each failure, with the timestamp at which its call began: the connection may be broken.</summary>
    internal Action<Exception, long> Failed { get; init; } = static (_, _) => { };

    /// <summary>Gets how many publishes wait for their confirmation; more wait in the process.</summary>
    internal int MaxPublishes
    {
        init => _publishes = new SemaphoreSlim(value);
    }

    internal TimeProvider Time => time;

    internal ILogger Logger => logger;

    /// <summary>Makes a call.</summary>
    /// <exception cref="QueueUnavailableException">The broker did not confirm.</exception>
    internal async Task<T> RunAsync<T>(
        Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken, TimeSpan? limit = null)
    {
        using var limited = new CancellationTokenSource(limit ?? timeout, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limited.Token);
        var started = time.GetTimestamp();
        try
        {
            await Connect(end.Token).ConfigureAwait(false);
            return await call(end.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not (QueueUnavailableException or MessageTooLargeException)
            && !(e is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            Failed(e, started);
            QueueTelemetry.Failures.Add(1);
            throw unavailable(e);
        }
    }

    /// <summary>Makes a call without an answer.</summary>
    /// <exception cref="QueueUnavailableException">The broker did not confirm.</exception>
    internal Task RunAsync(Func<CancellationToken, Task> call, CancellationToken cancellationToken) => RunAsync(
        async end =>
        {
            await call(end).ConfigureAwait(false);
            return true;
        },
        cancellationToken);

    /// <summary>Publishes a message: bounded, counted and timed.</summary>
    /// <exception cref="ArgumentException">The contract does not allow the message's id or partition key.</exception>
    /// <exception cref="QueueUnavailableException">The broker did not confirm.</exception>
    internal async ValueTask PublishAsync(QueueMessage message, Func<CancellationToken, Task> publish, CancellationToken cancellationToken)
    {
        QueueArguments.Check(message);
        cancellationToken.ThrowIfCancellationRequested();
        var started = time.GetTimestamp();
        await RunAsync(
            async end =>
            {
                using (await _publishes.EnterAsync(end).ConfigureAwait(false))
                {
                    await publish(end).ConfigureAwait(false);
                }
            },
            cancellationToken).ConfigureAwait(false);
        QueueTelemetry.Published.Add(1);
        BrokerTelemetry.ConfirmDuration.Record(time.GetElapsedTime(started).TotalSeconds);
    }

    /// <summary>Makes an operator's call on up to so many dead letters.</summary>
    /// <exception cref="QueueUnavailableException">The broker did not confirm.</exception>
    internal async ValueTask<T> OperateAsync<T>(
        int limit, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        QueueArguments.CheckBatch(limit);
        return await RunAsync(call, cancellationToken, OperatorTimeout).ConfigureAwait(false);
    }

    /// <summary>Gives something back. A failure is logged: what is not given back is delivered again when its lease expires.</summary>
    internal async Task GiveBackAsync(Func<CancellationToken, Task> giveBack)
    {
        try
        {
            using var limited = new CancellationTokenSource(timeout, time);
            await giveBack(limited.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            QueueLog.GiveBackFailed(logger, e);
        }
    }
}
