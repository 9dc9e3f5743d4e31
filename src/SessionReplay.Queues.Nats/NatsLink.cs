using Microsoft.Extensions.Logging;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NATS.Net;

namespace SessionReplay.Queues.Nats;

/// <summary>The connection, which the client repairs by itself, and the streams, which are made sure of after each failure.</summary>
internal sealed class NatsLink : IAsyncDisposable
{
    private const string ConsumerName = "workers";
    private readonly SemaphoreSlim _opening = new(1, 1);
    private readonly NatsQueueOptions _options;
    private readonly IServiceProvider _services;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ReconnectBackoff _backoff;
    private INatsConnection? _connection;
    private INatsJSContext? _context;
    private INatsJSConsumer? _consumer;
    private Task? _connecting;
    private volatile bool _declared;
    private bool _disposed;

    internal NatsLink(NatsQueueOptions options, IServiceProvider services, TimeProvider time, ILogger logger)
    {
        _options = options;
        _services = services;
        _time = time;
        _logger = logger;
        _backoff = new ReconnectBackoff(time);
        Subject = options.QueueName + ".messages";
        DeadStream = options.QueueName + "-dead";
        DeadSubject = options.QueueName + ".dead";
    }

    internal string Subject { get; }

    internal string DeadStream { get; }

    internal string DeadSubject { get; }

    /// <summary>Gets the maximum payload that the server accepts, once it has been asked.</summary>
    internal int? MaxPayload => _connection?.ServerInfo?.MaxPayload;

    internal INatsJSContext Context => _context!;

    internal INatsJSConsumer Consumer => _consumer!;

    /// <summary>Makes sure that the connection is open and the streams are there.</summary>
    /// <exception cref="QueueUnavailableException">The server cannot be reached.</exception>
    internal async ValueTask EnsureAsync(CancellationToken cancellationToken)
    {
        if (_declared && _connection!.ConnectionState == NatsConnectionState.Open)
        {
            return;
        }

        using var place = await _opening.EnterAsync(cancellationToken).ConfigureAwait(false);
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_backoff.Failure is { } failure)
        {
            throw NatsErrors.Unavailable(failure);
        }

        await OpenAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Lets the next call make sure of the streams again.</summary>
    internal void Doubt() => _declared = false;

    /// <summary>Publishes and waits until the stream has stored the message.</summary>
    internal async Task PublishAsync(
        string subject, string duplicateId, MessageHeaders headers, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var confirmation = await Context.PublishAsync(
            subject,
            body,
            opts: new NatsJSPubOpts { MsgId = duplicateId },
            headers: headers.ToHeaders(),
            cancellationToken: cancellationToken).ConfigureAwait(false);
        if (confirmation.Error is { } error)
        {
            throw new NatsJSApiException(error);
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var place = await _opening.EnterAsync(CancellationToken.None).ConfigureAwait(false);

        // A container disposes the queue once for each service it is.
        if (!_disposed && _connection is not null && _options.ServiceKey is null)
        {
            await _connection.DisposeAsync().ConfigureAwait(false);
        }

        _disposed = true;
    }

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            _connection ??= Connect();
            _context ??= _connection.CreateJetStreamContext(new NatsJSOpts(_connection.Opts, requestTimeout: _options.ConfirmTimeout));
            if (_connection.ConnectionState is NatsConnectionState.Closed or NatsConnectionState.Connecting)
            {
                // A caller that goes away leaves the connecting to the next one.
                _connecting = _connecting is { IsCompleted: false } ? _connecting : _connection.ConnectAsync().AsTask();
                await _connecting.WaitAsync(_options.ConfirmTimeout, _time, cancellationToken).ConfigureAwait(false);
            }

            if (_connection.ConnectionState != NatsConnectionState.Open)
            {
                throw new NatsException("The connection is being made again.");
            }

            if (!_declared)
            {
                await DeclareAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Log.ConnectFailed(_logger, _backoff.CountFailure(e), e);
            throw NatsErrors.Unavailable(e);
        }

        _backoff.CountSuccess();
    }

    private INatsConnection Connect() => _options.ServiceKey is { } key
        ? _services.GetClient<INatsConnection>(key)
        : new NatsConnection(NatsOpts.Default with
        {
            Url = _options.ConnectionString,
            Name = "session-replay",
            RequestTimeout = _options.ConfirmTimeout,
            AuthOpts = NatsAuthOpts.Default with { CredsFile = _options.CredentialsFile },
            TlsOpts = NatsTlsOpts.Default with
            {
                CaFile = _options.TlsAuthorityFile,
                CertFile = _options.TlsCertificateFile,
                KeyFile = _options.TlsKeyFile,
                KeyFilePassword = _options.TlsKeyPassword,
            },
            MaxReconnectRetry = -1,
            ReconnectWaitMax = ReconnectBackoff.MaxDelay,

            // What is fetched at a time must fit: beyond this the client drops messages.
            SubPendingChannelCapacity = 4096,
        });

    private async Task DeclareAsync(CancellationToken cancellationToken)
    {
        await Context.CreateOrUpdateStreamAsync(
            new StreamConfig(_options.QueueName, [Subject])
            {
                Description = "Session replay: batches on their way to the store",
                Retention = StreamConfigRetention.Workqueue,
                Storage = StreamConfigStorage.File,
                Discard = StreamConfigDiscard.New,
                DuplicateWindow = _options.DuplicateWindow,
                MaxBytes = _options.MaxQueueBytes ?? -1,
                NumReplicas = _options.Replicas,
            },
            cancellationToken).ConfigureAwait(false);
        await DeclareDeadLettersAsync(cancellationToken).ConfigureAwait(false);
        _consumer = await Context.CreateOrUpdateConsumerAsync(
            _options.QueueName,
            new ConsumerConfig(ConsumerName)
            {
                AckPolicy = ConsumerConfigAckPolicy.Explicit,
                AckWait = _options.LeaseTime,
                MaxAckPending = _options.MaxUnsettledTotal,

                // The server would leave a message where it is after its last delivery, out of everybody's sight; the adapter moves it
                // instead.
                MaxDeliver = -1,
            },
            cancellationToken).ConfigureAwait(false);
        _declared = true;
        BrokerTelemetry.Connects.Add(1);
        Log.Declared(_logger, _options.QueueName);
    }

    private async Task DeclareDeadLettersAsync(CancellationToken cancellationToken) =>
        await Context.CreateOrUpdateStreamAsync(
            new StreamConfig(DeadStream, [DeadSubject])
            {
                Description = "Session replay: dead letters",
                Retention = StreamConfigRetention.Limits,
                Storage = StreamConfigStorage.File,
                Discard = StreamConfigDiscard.Old,
                DuplicateWindow = _options.DuplicateWindow,
                MaxMsgs = _options.MaxDeadLetters,
                MaxBytes = _options.MaxDeadLetterBytes,
                NumReplicas = _options.Replicas,
            },
            cancellationToken).ConfigureAwait(false);
}
