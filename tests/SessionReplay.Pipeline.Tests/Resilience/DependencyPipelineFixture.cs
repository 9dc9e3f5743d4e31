using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SessionReplay.Pipeline.Resilience;
using SessionReplay.Storage;

namespace SessionReplay.Pipeline.Tests.Resilience;

/// <summary>A pipeline on a clock that stands still until it is moved.</summary>
internal sealed class DependencyPipelineFixture : IDisposable
{
    public DependencyPipelineFixture(Dependency? dependency = null, Action<DependencyResilienceOptions>? configure = null)
    {
        var options = new DependencyResilienceOptions { MinimumThroughput = 4 };
        configure?.Invoke(options);
        DependencyPipeline = new(dependency ?? Dependency.BlobStore, options, Clock, NullLogger.Instance);
    }

    public FakeTimeProvider Clock { get; } = new(DateTimeOffset.FromUnixTimeSeconds(1_790_000_000));

    public DependencyPipeline DependencyPipeline { get; }

    public static BlobStoreUnavailableException Away => new("away");

    /// <summary>Lets time pass until the task has ended.</summary>
    public async Task<T> PassAsync<T>(Task<T> task, TimeSpan? step = null)
    {
        for (var i = 0; i < 2000 && !task.IsCompleted; i++)
        {
            Clock.Advance(step ?? TimeSpan.FromMilliseconds(100));
            await Task.Delay(1);
        }

        Assert.True(task.IsCompleted, "The call did not end.");
        return await task;
    }

    public async Task PassAsync(Task task, TimeSpan? step = null)
    {
        async Task<bool> WithResult()
        {
            await task;
            return true;
        }

        await PassAsync(WithResult(), step);
    }

    public async Task OpenAsync()
    {
        for (var i = 0; i < 4; i++)
        {
            await Assert.ThrowsAnyAsync<Exception>(
                () => DependencyPipeline.OnceAsync(
                    DependencyPipeline, (pipeline, _) => throw pipeline.Dependency.Unavailable("away", null, null), default).AsTask());
        }

        Assert.Equal(BreakerState.Open, DependencyPipeline.State);
    }

    public ValueTask<int> SucceedAsync() => DependencyPipeline.OnceAsync(1, static (one, _) => ValueTask.FromResult(one), default);

    /// <summary>Counts what an instrument of the package tells while something runs.</summary>
    public static async Task<IReadOnlyList<string>> CountedAsync(string instrument, Func<Task> run)
    {
        var counted = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (published, self) =>
            {
                if (published.Meter.Name == "SessionReplay.Pipeline" && published.Name == instrument)
                {
                    self.EnableMeasurementEvents(published);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            lock (counted)
            {
                counted.Add(string.Join(' ', tags.ToArray().Select(tag => tag.Value)));
            }
        });
        listener.Start();
        await run();
        lock (counted)
        {
            return [.. counted];
        }
    }

    public void Dispose() => DependencyPipeline.Dispose();
}
