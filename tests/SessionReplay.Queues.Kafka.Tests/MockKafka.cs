using System.Globalization;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace SessionReplay.Queues.Kafka.Tests;

/// <summary>
/// Three brokers of librdkafka's mock cluster: the protocol over real sockets on 127.0.0.1, with partitions, groups and offsets in memory.
/// It knows no CreateTopics request, no storage and no replication of its own.
/// </summary>
public sealed partial class MockKafka : IDisposable
{
    private const string Library = "librdkafka";
    private const int Brokers = 3;
    private const short OffsetFetch = 9;
    private readonly IProducer<byte[], byte[]> _owner;
    private readonly nint _cluster;

    static MockKafka() => NativeLibrary.SetDllImportResolver(typeof(MockKafka).Assembly, (name, _, _) =>
    {
        // The client has chosen among several builds of the library; the mock cluster lives in the one it has loaded.
        var loaded = name == Library && OperatingSystem.IsLinux()
            ? File.ReadLines("/proc/self/maps").Select(line => line[(line.LastIndexOf(' ') + 1)..])
                .FirstOrDefault(path => path.EndsWith("librdkafka.so", StringComparison.Ordinal))
            : null;
        return loaded is null ? nint.Zero : NativeLibrary.Load(loaded);
    });

    public MockKafka()
    {
        var settings = new ProducerConfig { BootstrapServers = "mock" };
        settings.Set("test.mock.num.brokers", Brokers.ToString(CultureInfo.InvariantCulture));
        _owner = new ProducerBuilder<byte[], byte[]>(settings).SetLogHandler((_, _) => { }).Build();
        using (var admin = new DependentAdminClientBuilder(_owner.Handle).Build())
        {
            Servers = string.Join(
                ',', admin.GetMetadata(TimeSpan.FromSeconds(30)).Brokers.Select(broker => $"{broker.Host}:{broker.Port}"));
        }

        _cluster = GetCluster(NativeHandle());
        SetInitialRebalanceDelay(_cluster, 100);
    }

    public string Servers { get; }

    public void CreateTopic(string name, int partitions) => _ = CreateTopic(_cluster, name, partitions, Brokers);

    /// <summary>Closes all connections and refuses new ones; what is stored stays.</summary>
    public void Break() => ForEachBroker(broker => SetDown(_cluster, broker));

    public void Restore() => ForEachBroker(broker => SetUp(_cluster, broker));

    /// <summary>Answers the next requests for committed offsets with an error.</summary>
    public void FailOffsetFetches(ErrorCode error, int times) =>
        PushRequestErrors(_cluster, OffsetFetch, (nuint)times, [.. Enumerable.Repeat((int)error, times)]);

    /// <summary>Tells for each partition what is stored and how far a group has come, for the messages of failing tests.</summary>
    public string Describe(string group, params string[] topics)
    {
        using var consumer =
            new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig { BootstrapServers = Servers, GroupId = group }).SetLogHandler(
                (_, _) => { }).Build();
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var timeout = TimeSpan.FromSeconds(10);
        var partitions = topics.SelectMany(
            topic => admin.GetMetadata(topic, timeout).Topics[0].Partitions.Select(found => new TopicPartition(topic, found.PartitionId)));
        return string.Join('\n', consumer.Committed(partitions, timeout).Select(committed =>
        {
            var marks = consumer.QueryWatermarkOffsets(committed.TopicPartition, timeout);
            return $"{committed.Topic} {committed.Partition}: {marks.Low}..{marks.High}, committed {committed.Offset}";
        }));
    }

    public void Dispose() => _owner.Dispose();

    private static void ForEachBroker(Func<int, int> call)
    {
        for (var broker = 1; broker <= Brokers; broker++)
        {
            Assert.Equal(0, call(broker));
        }
    }

    private nint NativeHandle() => ((SafeHandle)typeof(Handle)
        .GetProperty("LibrdkafkaHandle", System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)!
        .GetValue(_owner.Handle)!).DangerousGetHandle();

    [LibraryImport(Library, EntryPoint = "rd_kafka_handle_mock_cluster")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]
    private static partial nint GetCluster(nint client);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_topic_create", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]
    private static partial int CreateTopic(nint cluster, string topic, int partitions, int replicas);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_push_request_errors_array")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]
    private static partial void PushRequestErrors(nint cluster, short request, nuint count, int[] errors);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_broker_set_down")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]
    private static partial int SetDown(nint cluster, int broker);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_broker_set_up")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]
    private static partial int SetUp(nint cluster, int broker);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_group_initial_rebalance_delay_ms")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]
    private static partial void SetInitialRebalanceDelay(nint cluster, int milliseconds);
}
