using Amazon.SQS;
using Microsoft.Extensions.Logging;

namespace SessionReplay.Queues.Sqs;

/// <summary>
/// The client, which repairs its connections by itself, and the queues, which are looked for once and again when they are gone.
/// </summary>
internal sealed class SqsLink : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SqsQueueOptions _options;
    private readonly IServiceProvider _services;
    private readonly ILogger _logger;
    private readonly SharedWork<SqsQueues> _finding;
    private IAmazonSQS? _client;
    private bool _disposed;

    internal SqsLink(SqsQueueOptions options, IServiceProvider services, TimeProvider time, ILogger logger)
    {
        (_options, _services, _logger) = (options, services, logger);
        _finding = new SharedWork<SqsQueues>(FindAsync, options.ConfirmTimeout, time);
        MaxMessageBytes = options.MaxMessageBytes;
    }

    /// <summary>Gets the client.</summary>
    internal IAmazonSQS Client
    {
        get
        {
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                return _client ??= SqsClientFactory.Create(_options, _services);
            }
        }
    }

    /// <summary>Gets the maximum size of a message, as far as it is known.</summary>
    internal int MaxMessageBytes { get; private set; }

    /// <summary>Gets the queues. Concurrent callers wait for one answer.</summary>
    internal Task<SqsQueues> GetAsync(CancellationToken cancellationToken) => _finding.Start().WaitAsync(cancellationToken);

    /// <summary>Lets the next call look for the queues again.</summary>
    internal void Forget() => _finding.Forget();

    public void Dispose()
    {
        lock (_lock)
        {
            // A container disposes the queue once for each service it is.
            if (!_disposed && _options.ServiceKey is null)
            {
                _client?.Dispose();
            }

            _disposed = true;
        }
    }

    private async Task<SqsQueues> FindAsync(CancellationToken end)
    {
        try
        {
            var queues = await new SqsSetup(Client, _options, _logger).FindAsync(end).ConfigureAwait(false);
            MaxMessageBytes = queues.MaxMessageBytes;
            BrokerTelemetry.Connects.Add(1);
            Log.Found(_logger, queues.Main, queues.MaxMessageBytes);
            return queues;
        }
        catch (Exception e)
        {
            Log.FindFailed(_logger, e);
            throw;
        }
    }
}
