using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging;

namespace SessionReplay.Queues.Kafka;

/// <summary>The producer and the topics. The client connects again by itself; a producer that can go on no more is replaced.</summary>
internal sealed class KafkaLink(KafkaQueueOptions options, ClientConfig? application, TimeProvider time, ILogger logger) : IDisposable
{
    private const int GreatestRecord = 1_000_000_000;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);
    private readonly Lock _lock = new();
    private readonly ClientLog _log = new(logger, time);
    private readonly SemaphoreSlim _declaring = new(1, 1);
    private IProducer<byte[], byte[]>? _producer;
    private volatile bool _isDeclared;
    private bool _isDisposed;

    internal string Topic => options.QueueName;

    internal string RetryTopic => options.QueueName + ".retry";

    internal string DeadTopic => options.QueueName + ".dead";

    internal TopicPartition DeadPartition => new(DeadTopic, 0);

    internal static QueueUnavailableException Unavailable(Exception cause) => new(
        cause is TimeoutException or OperationCanceledException
            ? "Kafka did not confirm in time. Look at the brokers, or raise ConfirmTimeout."
            : $"Kafka did not confirm: {(cause as KafkaException)?.Error.Reason ?? cause.Message}. Look at BootstrapServers, the credentials and the brokers.",
        cause);

    /// <summary>Makes sure of the topics, once.</summary>
    internal async Task EnsureAsync(CancellationToken cancellationToken)
    {
        if (_isDeclared)
        {
            return;
        }

        await _declaring.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!_isDeclared)
            {
                await DeclareAsync(cancellationToken).ConfigureAwait(false);
                _isDeclared = true;
                Telemetry.Connects.Add(1);
                Log.Declared(logger, Topic);
            }
        }
        finally
        {
            _declaring.Release();
        }
    }

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
                .WaitAsync(options.ConfirmTimeout + Grace, cancellationToken).ConfigureAwait(false);
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
        var config = new ConsumerConfig(ClientSettings.Create(options, application))
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

    /// <summary>Asks the brokers to delete the records before an offset. Brokers that do not know the request, or do not let this client, keep them for their retention.</summary>
    internal async Task DeleteBeforeAsync(TopicPartitionOffset offset)
    {
        using var admin = new DependentAdminClientBuilder(GetProducer().Handle).Build();
        try
        {
            await admin.DeleteRecordsAsync([offset], new DeleteRecordsOptions { RequestTimeout = options.ConfirmTimeout }).ConfigureAwait(false);
        }
        catch (KafkaException e)
        {
            Log.RecordsKept(logger, offset.Topic, e);
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

    private async Task DeclareAsync(CancellationToken cancellationToken)
    {
        using var admin = new DependentAdminClientBuilder(GetProducer().Handle).Build();
        var metadata = await DescribeAsync(admin, cancellationToken).ConfigureAwait(false);
        var missing = new[] { Topic, RetryTopic, DeadTopic }.Where(topic => !metadata.Topics.Exists(known => known.Topic == topic)).ToList();
        if (missing.Count > 0)
        {
            if (!options.CreateIfMissing)
            {
                throw new QueueUnavailableException($"The topics {string.Join(", ", missing)} are missing, or this client may not see them. Create them, or set CreateIfMissing, or look at its rights.");
            }

            await CreateAsync(admin, missing).WaitAsync(cancellationToken).ConfigureAwait(false);
            metadata = await DescribeAsync(admin, cancellationToken).ConfigureAwait(false);
        }

        if (missing.Exists(topic => !metadata.Topics.Exists(known => known.Topic == topic)))
        {
            throw new QueueUnavailableException("The brokers do not tell of the topics yet; call again.");
        }
    }

    private Task<Metadata> DescribeAsync(IAdminClient admin, CancellationToken cancellationToken) =>
        Task.Run(() => admin.GetMetadata(options.ConfirmTimeout), cancellationToken).WaitAsync(cancellationToken);

    private async Task CreateAsync(IAdminClient admin, List<string> topics)
    {
        try
        {
            await admin.CreateTopicsAsync(topics.Select(topic => TopicSettings.Create(options, topic, topic == DeadTopic))).ConfigureAwait(false);
        }
        catch (CreateTopicsException e) when (e.Results.TrueForAll(result => result.Error.Code is ErrorCode.NoError or ErrorCode.TopicAlreadyExists))
        {
            // Another process was first.
        }
    }

    private IProducer<byte[], byte[]> GetProducer()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _producer ??= new ProducerBuilder<byte[], byte[]>(new ProducerConfig(ClientSettings.Create(options, application))
            {
                Acks = Acks.All,
                EnableIdempotence = true,
                Partitioner = Partitioner.Murmur2Random,
                MessageTimeoutMs = (int)options.ConfirmTimeout.TotalMilliseconds,
                RequestTimeoutMs = (int)Math.Min(30_000, options.ConfirmTimeout.TotalMilliseconds),
                AllowAutoCreateTopics = false,
                // A message that was taken before MaxMessageBytes was made smaller must still find its way to the retries and to the dead letters.
                MessageMaxBytes = GreatestRecord,
                BatchSize = Math.Min(1_000_000, options.MaxMessageBytes),
            })
            .SetErrorHandler((_, error) => _log.Report(error))
            .SetLogHandler((_, message) => _log.Report(message))
            .Build();
        }
    }

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
