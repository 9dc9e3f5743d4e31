using SessionReplay.Keys;
using SessionReplay.Pipeline.Resilience;
using SessionReplay.Storage;

namespace SessionReplay.Pipeline.Tests.Resilience;

public sealed class DependencyPipelineTests
{
    [Fact]
    public async Task Repeat_FailsTwice_IsMadeAgainAfterDelaysAndCounted()
    {
        using var fixture = new DependencyPipelineFixture();
        var attempts = new List<DateTimeOffset>();
        var counted = await DependencyPipelineFixture.CountedAsync("sessionreplay.dependency.retries", async () =>
            Assert.Equal(3, await fixture.PassAsync(
                fixture.DependencyPipeline.RepeatAsync(
                    attempts,
                    (times, _) =>
                    {
                        times.Add(fixture.Clock.GetUtcNow());
                        return times.Count < 3 ? throw DependencyPipelineFixture.Away : ValueTask.FromResult(times.Count);
                    },
                    default).AsTask(),
                TimeSpan.FromMilliseconds(5))));

        Assert.True(attempts[1] > attempts[0] && attempts[2] > attempts[1]);
        Assert.True(counted.Count(tags => tags == "blob-store") >= 2);
    }

    [Fact]
    public async Task Repeat_KeepsFailing_EndsWithTheAdaptersOwnError()
    {
        using var fixture = new DependencyPipelineFixture(configure: options => options.MinimumThroughput = 100);
        var attempts = 0;
        var error = await Assert.ThrowsAsync<BlobStoreUnavailableException>(() => fixture.PassAsync(
            fixture.DependencyPipeline.RepeatAsync(0, (_, _) => throw new BlobStoreUnavailableException($"attempt {++attempts}"), default)
                .AsTask()));

        Assert.Equal("attempt 3", error.Message);
        Assert.Null(error.RetryAfter);
    }

    [Fact]
    public async Task Repeat_AnswerThatIsNoOutage_IsNotMadeAgainAndDoesNotCount()
    {
        using var fixture = new DependencyPipelineFixture();
        var attempts = 0;
        for (var i = 0; i < 20; i++)
        {
            await Assert.ThrowsAsync<BlobNotFoundException>(
                () => fixture.DependencyPipeline.RepeatAsync(0, (_, _) => throw new BlobNotFoundException($"{++attempts}"), default)
                    .AsTask());
        }

        Assert.Equal(20, attempts);
        Assert.Equal(BreakerState.Closed, fixture.DependencyPipeline.State);
    }

    [Fact]
    public async Task Repeat_ErrorThatSaysWhenToCallAgain_IsNotMadeAgainBefore()
    {
        using var fixture = new DependencyPipelineFixture();
        var attempts = 0;
        var error = await Assert.ThrowsAsync<BlobStoreUnavailableException>(() => fixture.DependencyPipeline.RepeatAsync(
            0, (_, _) => throw new BlobStoreUnavailableException($"{++attempts}") { RetryAfter = TimeSpan.FromMinutes(1) }, default)
            .AsTask());

        Assert.Equal("1", error.Message);
    }

    [Fact]
    public async Task Once_Fails_IsNotMadeAgain()
    {
        using var fixture = new DependencyPipelineFixture();
        var attempts = 0;
        await Assert.ThrowsAsync<BlobStoreUnavailableException>(
            () => fixture.DependencyPipeline.OnceAsync(0, (_, _) => throw new BlobStoreUnavailableException($"{++attempts}"), default)
                .AsTask());
        Assert.Equal(1, attempts);
    }

    [Fact]
    public async Task Repeat_NoRetriesConfigured_IsMadeOnce()
    {
        using var fixture = new DependencyPipelineFixture(configure: options => options.MaxRetries = 0);
        var attempts = 0;
        await Assert.ThrowsAsync<BlobStoreUnavailableException>(
            () => fixture.DependencyPipeline.RepeatAsync(0, (_, _) => throw new BlobStoreUnavailableException($"{++attempts}"), default)
                .AsTask());
        Assert.Equal(1, attempts);
    }

    [Fact]
    public async Task Call_TakesTooLong_EndsInTimeAndIsNotMadeAgain()
    {
        using var fixture = new DependencyPipelineFixture();
        var attempts = 0;
        var began = fixture.Clock.GetUtcNow();
        BlobStoreUnavailableException error = null!;
        var counted = await DependencyPipelineFixture.CountedAsync("sessionreplay.dependency.timeouts", async () =>
            error = await Assert.ThrowsAsync<BlobStoreUnavailableException>(() => fixture.PassAsync(fixture.DependencyPipeline.RepeatAsync(
                0,
                async (_, token) =>
                {
                    attempts++;
                    await Task.Delay(Timeout.Infinite, token);
                },
                default).AsTask())));

        Assert.Equal(1, attempts);
        Assert.InRange(fixture.Clock.GetUtcNow() - began, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(39));
        Assert.Equal(
            "The blob store did not answer within 00:00:10. If it is only slow, raise SessionReplay:Resilience:Storage:Timeout.",
            error.Message);
        Assert.Contains("blob-store", counted);
    }

    [Fact]
    public async Task Call_WithMoreTime_HasIt()
    {
        using var fixture = new DependencyPipelineFixture();
        var began = fixture.Clock.GetUtcNow();
        await Assert.ThrowsAsync<BlobStoreUnavailableException>(() => fixture.PassAsync(fixture.DependencyPipeline.OnceAsync(
            0, async (_, token) => await Task.Delay(Timeout.Infinite, token), default,
            fixture.DependencyPipeline.TransferTime(30 * 1024 * 1024)).AsTask()));

        Assert.InRange(fixture.Clock.GetUtcNow() - began, TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(90));
    }

    [Fact]
    public async Task Call_CallerGivesUp_IsCancelledAndDoesNotCount()
    {
        using var fixture = new DependencyPipelineFixture();
        for (var i = 0; i < 10; i++)
        {
            using var caller = new CancellationTokenSource();
            var call =
                fixture.DependencyPipeline.RepeatAsync(0, async (_, token) => await Task.Delay(Timeout.Infinite, token), caller.Token)
                .AsTask();
            await caller.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        }

        Assert.Equal(BreakerState.Closed, fixture.DependencyPipeline.State);
    }

    [Fact]
    public async Task Bulkhead_Full_RefusesWithoutCallingAndTakesAgainLater()
    {
        using var fixture = new DependencyPipelineFixture(configure: options => (options.MaxConcurrency, options.MaxQueued) = (2, 1));
        var answer = new TaskCompletionSource<int>();
        var calls = Enumerable.Range(0, 3)
            .Select(_ => fixture.DependencyPipeline.OnceAsync(0, (_, _) => new ValueTask<int>(answer.Task), default).AsTask()).ToList();
        BlobStoreUnavailableException error = null!;
        var counted = await DependencyPipelineFixture.CountedAsync("sessionreplay.dependency.rejections", async () =>
            error = await Assert.ThrowsAsync<BlobStoreUnavailableException>(() => fixture.SucceedAsync().AsTask()));

        Assert.Equal(TimeSpan.FromSeconds(1), error.RetryAfter);
        Assert.Contains("blob-store full", counted);
        Assert.Equal(BreakerState.Closed, fixture.DependencyPipeline.State);
        answer.SetResult(3);
        Assert.All(await Task.WhenAll(calls), each => Assert.Equal(3, each));
        Assert.Equal(1, await fixture.SucceedAsync());
    }

    [Fact]
    public async Task KeyManagement_FaultOfOneKey_IsNotMadeAgainAndDoesNotCount()
    {
        using var fixture = new DependencyPipelineFixture(Dependency.KeyManagement);
        var attempts = 0;
        for (var i = 0; i < 20; i++)
        {
            await Assert.ThrowsAsync<KeyManagementException>(() => fixture.DependencyPipeline.RepeatAsync(
                0, (_, _) => throw new KeyManagementException($"{++attempts}") { IsPermanent = true }, default).AsTask());
        }

        Assert.Equal(20, attempts);
        Assert.Equal(BreakerState.Closed, fixture.DependencyPipeline.State);
    }

    [Fact]
    public async Task KeyManagement_IsAway_Opens()
    {
        using var fixture = new DependencyPipelineFixture(Dependency.KeyManagement);
        await fixture.OpenAsync();
        Assert.NotNull(Assert.Throws<KeyManagementException>(fixture.DependencyPipeline.ThrowIfOpen).RetryAfter);
    }
}
