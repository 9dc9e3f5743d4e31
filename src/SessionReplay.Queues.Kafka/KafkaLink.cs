using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging;

namespace SessionReplay.Queues.Kafka;

/// <summary>The producer and the topics. The client connects again by itself; a producer that can go on no more is replaced.</summary>
internal sealed class KafkaLink : IDisposable
{
    private const int MaxRecordBytes = 1_000_000_000;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);
    private readonly KafkaQueueOptions _options;
    private readonly ClientConfig? _application;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private readonly ClientLog _log;
    private readonly SharedWork<bool> _declaring;
    private IProducer<byte[], byte[]>? _producer;
    private bool _isDisposed;

    internal KafkaLink(KafkaQueueOptions options, ClientConfig? application, TimeProvider time, ILogger logger)
    {
        (_options, _application, _logger) = (options, application, logger);
        _log = new ClientLog(logger, time);
        _declaring = new SharedWork<bool>(DeclareAsync, CallTimeout, time);
    }

    internal string Topic => _options.QueueName;

    internal string RetryTopic => _options.QueueName + ".retry";

    internal string DeadTopic => _options.QueueName + ".dead";

    internal TopicPartition DeadPartition => new(DeadTopic, 0);

    /// <summary>Gets how long a call may take: the client has its own limit, whose error says more.</summary>
    internal TimeSpan CallTimeout => _options.ConfirmTimeout + Grace;

    /// <summary>Makes sure of the topics, once.</summary>
    internal async ValueTask EnsureAsync(CancellationToken cancellationToken) =>
        await _declaring.Start().WaitAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>Publishes and waits until the brokers in sync have stored the record.</summary>
    internal async Task ProduceAsync(
        string topic, byte[] key, ReadOnlyMemory<byte> body, MessageHeaders headers, CancellationToken cancellationToken)
    {
        // The client copies the body into memory of its own before the call returns.
        var value = System.Runtime.InteropServices.MemoryMarshal.TryGetArray(body, out var segment)
            && segment.Offset == 0 && segment.Count == segment.Array!.Length ? segment.Array : body.ToArray();
        var producer = GetProducer();
        try
        {
            await producer.ProduceAsync(
                topic, new Message<byte[], byte[]> { Key = key, Value = value, Headers = headers.ToHeaders() }, cancellationToken)
                .WaitAsync(CallTimeout, cancellationToken).ConfigureAwait(false);
        }
        catch (KafkaException e) when (e.Error.IsFatal)
        {
            Replace(producer);
            throw;
        }
    }

    /// <summary>Makes a consumer of a group that neither commits nor is a member unless its settings say more.</summary>
    internal ConsumerBuilder<byte[], byte[]> BuildConsumer(string group, Action<ConsumerConfig>? configure = null)
    {
        var config = new ConsumerConfig(ClientSettings.Create(_options, _application))
        {
            GroupId = group,
            EnableAutoCommit = false,
            EnableAutoOffsetStore = false,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            AllowAutoCreateTopics = false,
        };
        configure?.Invoke(config);
        return new ConsumerBuilder<byte[], byte[]>(config)
            .SetErrorHandler((_, error) => _log.Report(error))
            .SetLogHandler((_, message) => _log.Report(message));
    }

    /// <summary>
    /// Asks the brokers to delete the records before an offset. Brokers that do not know the request, or do not let this client, keep them
    /// for their retention.
    /// </summary>
    internal async Task DeleteBeforeAsync(TopicPartitionOffset offset)
    {
        using var admin = new DependentAdminClientBuilder(GetProducer().Handle).Build();
        try
        {
            var request = new DeleteRecordsOptions { RequestTimeout = _options.ConfirmTimeout };
            await admin.DeleteRecordsAsync([offset], request).ConfigureAwait(false);
        }
        catch (KafkaException e)
        {
            Log.RecordsKept(_logger, offset.Topic, e);
        }
    }

    /// <summary>Waits a little for the confirmations of what is being published.</summary>
    internal void Flush()
    {
        IProducer<byte[], byte[]>? producer;
        lock (_lock)
        {
            producer = _producer;
        }

        producer?.Flush(Grace);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _producer?.Dispose();
            _producer = null;
        }
    }

    private async Task<bool> DeclareAsync(CancellationToken end)
    {
        using var admin = new DependentAdminClientBuilder(GetProducer().Handle).Build();
        string[] topics = [Topic, RetryTopic, DeadTopic];
        var missing = await FindMissingAsync(admin, topics, end).ConfigureAwait(false);
        if (missing.Count > 0)
        {
            if (!_options.CreateIfMissing)
            {
                throw new QueueUnavailableException(
                    $"The topics {string.Join(", ", missing)} are missing, or this client may not see them. "
                    + "Create them, or set CreateIfMissing, or look at its rights.");
            }

            await CreateAsync(admin, missing).WaitAsync(end).ConfigureAwait(false);
            if ((await FindMissingAsync(admin, topics, end).ConfigureAwait(false)).Count > 0)
            {
                throw new QueueUnavailableException("The brokers do not list the topics yet; call again.");
            }
        }

        BrokerTelemetry.Connects.Add(1);
        Log.Declared(_logger, Topic);
        return true;
    }

    private async Task<List<string>> FindMissingAsync(IAdminClient admin, string[] topics, CancellationToken end)
    {
        var metadata = await Task.Run(() => admin.GetMetadata(_options.ConfirmTimeout), end).WaitAsync(end).ConfigureAwait(false);
        return [.. topics.Where(topic => !metadata.Topics.Exists(known => known.Topic == topic))];
    }

    private async Task CreateAsync(IAdminClient admin, List<string> topics)
    {
        try
        {
            var specifications = topics.Select(topic => TopicSettings.Create(_options, topic, topic == DeadTopic));
            await admin.CreateTopicsAsync(specifications).ConfigureAwait(false);
        }
        catch (CreateTopicsException e) when (e.Results.TrueForAll(
            result => result.Error.Code is ErrorCode.NoError or ErrorCode.TopicAlreadyExists))
        {
            // Another process was first.
        }
    }

    private IProducer<byte[], byte[]> GetProducer()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _producer ??= new ProducerBuilder<byte[], byte[]>(CreateProducerConfig())
                .SetErrorHandler((_, error) => _log.Report(error))
                .SetLogHandler((_, message) => _log.Report(message))
                .Build();
        }
    }

    private ProducerConfig CreateProducerConfig() => new(ClientSettings.Create(_options, _application))
    {
        Acks = Acks.All,
        EnableIdempotence = true,
        Partitioner = Partitioner.Murmur2Random,
        MessageTimeoutMs = (int)_options.ConfirmTimeout.TotalMilliseconds,
        RequestTimeoutMs = (int)Math.Min(30_000, _options.ConfirmTimeout.TotalMilliseconds),
        AllowAutoCreateTopics = false,

        // A message that was accepted before MaxMessageBytes was made smaller must still find its way to the retries and to the dead
        // letters.
        MessageMaxBytes = MaxRecordBytes,
        BatchSize = Math.Min(1_000_000, _options.MaxMessageBytes),
    };

    private void Replace(IProducer<byte[], byte[]> broken)
    {
        lock (_lock)
        {
            if (ReferenceEquals(_producer, broken))
            {
                _producer = null;
                broken.Dispose();
            }
        }
    }
}
