using SessionReplay.Pipeline.Resilience;
using SessionReplay.Storage;

namespace SessionReplay.Pipeline.Tests.Resilience;

/// <summary>The circuit breaker of a dependency's pipeline.</summary>
public sealed class CircuitBreakerTests
{
    [Fact]
    public async Task Breaker_KeepsFailing_OpensAndWithholdsCallsUntilTheBreakIsOver()
    {
        using var fixture = new DependencyPipelineFixture();
        await fixture.OpenAsync();
        fixture.Clock.Advance(TimeSpan.FromSeconds(2));
        var called = false;
        BlobStoreUnavailableException error = null!;
        var counted = await DependencyPipelineFixture.CountedAsync("sessionreplay.dependency.rejections", async () =>
            error = await Assert.ThrowsAsync<BlobStoreUnavailableException>(() => fixture.DependencyPipeline.RepeatAsync(
                0,
                (_, _) =>
                {
                    called = true;
                    return default;
                },
                default).AsTask()));

        Assert.False(called);
        Assert.Equal(TimeSpan.FromSeconds(3), error.RetryAfter);
        Assert.Equal("The blob store is unavailable and is not called for the next 3 seconds.", error.Message);
        Assert.Equal("away", error.InnerException?.Message);
        Assert.Contains("blob-store open", counted);
        Assert.Equal(
            TimeSpan.FromSeconds(3), Assert.Throws<BlobStoreUnavailableException>(fixture.DependencyPipeline.ThrowIfOpen).RetryAfter);
    }

    [Fact]
    public async Task Breaker_BreakIsOverAndACallSucceeds_Closes()
    {
        using var fixture = new DependencyPipelineFixture();
        await fixture.OpenAsync();
        fixture.Clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(BreakerState.HalfOpen, fixture.DependencyPipeline.State);
        fixture.DependencyPipeline.ThrowIfOpen();
        Assert.Equal(1, await fixture.SucceedAsync());
        Assert.Equal(BreakerState.Closed, fixture.DependencyPipeline.State);
    }

    [Fact]
    public async Task Breaker_BreakIsOverAndACallFails_OpensAgain()
    {
        using var fixture = new DependencyPipelineFixture();
        await fixture.OpenAsync();
        fixture.Clock.Advance(TimeSpan.FromSeconds(5));

        await Assert.ThrowsAsync<BlobStoreUnavailableException>(
            () => fixture.DependencyPipeline.OnceAsync(0, (_, _) => throw DependencyPipelineFixture.Away, default).AsTask());
        Assert.Equal(BreakerState.Open, fixture.DependencyPipeline.State);
        Assert.Equal(TimeSpan.FromSeconds(5), fixture.DependencyPipeline.RemainingBreak);
    }

    [Fact]
    public async Task Breaker_ProbeIsUnderWay_OthersAreWithheld()
    {
        using var fixture = new DependencyPipelineFixture();
        await fixture.OpenAsync();
        fixture.Clock.Advance(TimeSpan.FromSeconds(5));
        var answer = new TaskCompletionSource<int>();
        var probe = fixture.DependencyPipeline.OnceAsync(0, (_, _) => new ValueTask<int>(answer.Task), default).AsTask();

        var error = await Assert.ThrowsAsync<BlobStoreUnavailableException>(() => fixture.SucceedAsync().AsTask());
        Assert.True(error.RetryAfter > TimeSpan.Zero);
        answer.SetResult(7);
        Assert.Equal(7, await probe);
        Assert.Equal(1, await fixture.SucceedAsync());
    }

    [Fact]
    public async Task Breaker_ProbeAnswersWithAnErrorOfItsOwn_Closes()
    {
        using var fixture = new DependencyPipelineFixture();
        await fixture.OpenAsync();
        fixture.Clock.Advance(TimeSpan.FromSeconds(5));

        await Assert.ThrowsAsync<BlobNotFoundException>(
            () => fixture.DependencyPipeline.OnceAsync(0, (_, _) => throw new BlobNotFoundException("x"), default).AsTask());
        Assert.Equal(BreakerState.Closed, fixture.DependencyPipeline.State);
    }

    [Fact]
    public async Task Breaker_ProbeIsCancelled_OpensAgain()
    {
        using var fixture = new DependencyPipelineFixture();
        await fixture.OpenAsync();
        fixture.Clock.Advance(TimeSpan.FromSeconds(5));
        using var caller = new CancellationTokenSource();
        var probe = fixture.DependencyPipeline.OnceAsync(0, async (_, token) => await Task.Delay(Timeout.Infinite, token), caller.Token)
            .AsTask();
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => probe);
        Assert.Equal(BreakerState.Open, fixture.DependencyPipeline.State);
    }

    [Fact]
    public async Task Breaker_TimeOuts_Count()
    {
        using var fixture = new DependencyPipelineFixture();
        await fixture.PassAsync(Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Assert.ThrowsAsync<BlobStoreUnavailableException>(() =>
            fixture.DependencyPipeline.OnceAsync(0, async (_, token) => await Task.Delay(Timeout.Infinite, token), default).AsTask()))));

        Assert.Equal(BreakerState.Open, fixture.DependencyPipeline.State);
    }

    [Fact]
    public async Task Report_FailuresAndThenASuccess_OpenAndClose()
    {
        using var fixture = new DependencyPipelineFixture();
        for (var i = 0; i < 4; i++)
        {
            await fixture.DependencyPipeline.ReportFailureAsync(DependencyPipelineFixture.Away);
        }

        Assert.Equal(BreakerState.Open, fixture.DependencyPipeline.State);
        await fixture.DependencyPipeline.ReportSuccessAsync();
        Assert.Equal(BreakerState.Open, fixture.DependencyPipeline.State);
        fixture.Clock.Advance(TimeSpan.FromSeconds(5));
        await fixture.DependencyPipeline.ReportSuccessAsync();
        Assert.Equal(BreakerState.Closed, fixture.DependencyPipeline.State);
    }
}
