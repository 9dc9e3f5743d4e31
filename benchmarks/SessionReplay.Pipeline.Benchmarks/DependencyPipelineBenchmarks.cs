using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using SessionReplay.Pipeline.Resilience;
using SessionReplay.Queues;

namespace SessionReplay.Pipeline.Benchmarks;

/// <summary>What the pipeline adds to a publish that succeeds: one that ends at once, and one that has to be waited for.</summary>
[MemoryDiagnoser]
[Config(typeof(InProcessConfig))]
public class DependencyPipelineBenchmarks
{
    private readonly Queue _queue = new();
    private readonly QueueMessage _message = new("id", "session", new byte[16]);
    private GuardedMessageQueue _guarded = null!;

    [Params(false, true)]
    public bool Waits { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _queue.Waits = Waits;
        _guarded = new(_queue, new(Dependency.Queue, new ResilienceOptions().Queue, TimeProvider.System, NullLogger.Instance));
    }

    [Benchmark(Baseline = true)]
    public async Task Adapter() => await _queue.PublishAsync(_message, default).ConfigureAwait(false);

    [Benchmark]
    public async Task Guarded() => await _guarded.PublishAsync(_message, default).ConfigureAwait(false);

    private sealed class Queue : IMessageQueue
    {
        public bool Waits { get; set; }

        public int MaxMessageBytes => 1024;

        public async ValueTask PublishAsync(QueueMessage message, CancellationToken cancellationToken)
        {
            if (Waits)
            {
                await Task.Yield();
            }
        }

        public ValueTask<IReadOnlyList<IQueueDelivery>> ReceiveAsync(int maxMessages, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
