using Amazon.SQS;
using Microsoft.Extensions.Logging;

namespace SessionReplay.Queues.Sqs;

/// <summary>The client, which repairs its connections by itself, and the queues, which are looked for once and again when they are gone.</summary>
internal sealed class SqsLink(SqsQueueOptions options, IServiceProvider services, TimeProvider time, ILogger logger) : IDisposable
{
    private readonly Lock _lock = new();
    private IAmazonSQS? _client;
    private Task<SqsQueues>? _finding;
    private bool _disposed;

    /// <summary>Gets the client.</summary>
    internal IAmazonSQS Client
    {
        get
        {
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                return _client ??= SqsClientFactory.Create(options, services);
            }
        }
    }

    /// <summary>Gets the greatest message that the service takes, as far as it is known.</summary>
    internal int MaxMessageBytes { get; private set; } = options.MaxMessageBytes;

    /// <summary>Gets the queues. All who ask at the same time wait for one answer.</summary>
    internal async ValueTask<SqsQueues> GetAsync(CancellationToken cancellationToken)
    {
        Task<SqsQueues> finding;
        lock (_lock)
        {
            if (_finding is null or { IsFaulted: true } or { IsCanceled: true })
            {
                _finding = Task.Run(FindAsync, CancellationToken.None);
            }

            finding = _finding;
        }

        return await finding.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Lets the next call look for the queues again.</summary>
    internal void Forget()
    {
        lock (_lock)
        {
            _finding = null;
        }
    }

    internal static QueueUnavailableException Unavailable(Exception cause) => new(
        $"SQS did not confirm: {cause.Message} Check that the service can be reached, and SqsQueueOptions: region, credentials and their rights, queue.", cause);

    public void Dispose()
    {
        lock (_lock)
        {
            // A container disposes the queue once for each service it is.
            if (!_disposed && options.ServiceKey is null)
            {
                _client?.Dispose();
            }

            _disposed = true;
        }
    }

    private async Task<SqsQueues> FindAsync()
    {
        using var limit = new CancellationTokenSource(options.ConfirmTimeout, time);
        try
        {
            var queues = await new SqsSetup(Client, options, logger).FindAsync(limit.Token).ConfigureAwait(false);
            MaxMessageBytes = queues.MaxMessageBytes;
            Telemetry.Connects.Add(1);
            Log.Found(logger, queues.Main, queues.MaxMessageBytes);
            return queues;
        }
        catch (Exception e)
        {
            Log.FindFailed(logger, e);
            throw;
        }
    }
}
