using SessionReplay.AspNetCore.Resilience;
using SessionReplay.Keys;
using SessionReplay.Storage;

namespace SessionReplay.AspNetCore.Tests.Resilience;

public sealed class CircuitTests
{
    [Fact]
    public async Task Repeat_FailsTwice_IsMadeAgainAfterDelaysAndCounted()
    {
        using var fixture = new CircuitFixture();
        var attempts = new List<DateTimeOffset>();
        var counted = await CircuitFixture.CountedAsync("sessionreplay.dependency.retries", async () =>
            Assert.Equal(3, await fixture.PassAsync(
                fixture.Circuit.RepeatAsync(
                    attempts,
                    (times, _) =>
                    {
                        times.Add(fixture.Clock.GetUtcNow());
                        return times.Count < 3 ? throw CircuitFixture.Away : ValueTask.FromResult(times.Count);
                    },
                    default).AsTask(),
                TimeSpan.FromMilliseconds(5))));

        Assert.True(attempts[1] > attempts[0] && attempts[2] > attempts[1]);
        Assert.True(counted.Count(tags => tags == "blob-store") >= 2);
    }

    [Fact]
    public async Task Repeat_KeepsFailing_EndsWithTheAdaptersOwnError()
    {
        using var fixture = new CircuitFixture(configure: options => options.MinimumThroughput = 100);
        var attempts = 0;
        var error = await Assert.ThrowsAsync<BlobStoreUnavailableException>(() => fixture.PassAsync(
            fixture.Circuit.RepeatAsync(0, (_, _) => throw new BlobStoreUnavailableException($"attempt {++attempts}"), default).AsTask()));

        Assert.Equal("attempt 3", error.Message);
        Assert.Null(error.RetryAfter);
    }

    [Fact]
    public async Task Repeat_AnswerThatIsNoOutage_IsNotMadeAgainAndDoesNotCount()
    {
        using var fixture = new CircuitFixture();
        var attempts = 0;
        for (var i = 0; i < 20; i++)
        {
            await Assert.ThrowsAsync<BlobNotFoundException>(() => fixture.Circuit.RepeatAsync(0, (_, _) => throw new BlobNotFoundException($"{++attempts}"), default).AsTask());
        }

        Assert.Equal(20, attempts);
        Assert.Equal(CircuitState.Closed, fixture.Circuit.State);
    }

    [Fact]
    public async Task Repeat_ErrorThatSaysWhenToCallAgain_IsNotMadeAgainBefore()
    {
        using var fixture = new CircuitFixture();
        var attempts = 0;
        var error = await Assert.ThrowsAsync<BlobStoreUnavailableException>(() => fixture.Circuit.RepeatAsync(
            0, (_, _) => throw new BlobStoreUnavailableException($"{++attempts}") { RetryAfter = TimeSpan.FromMinutes(1) }, default).AsTask());

        Assert.Equal("1", error.Message);
    }

    [Fact]
    public async Task Once_Fails_IsNotMadeAgain()
    {
        using var fixture = new CircuitFixture();
        var attempts = 0;
        await Assert.ThrowsAsync<BlobStoreUnavailableException>(() => fixture.Circuit.OnceAsync(0, (_, _) => throw new BlobStoreUnavailableException($"{++attempts}"), default).AsTask());
        Assert.Equal(1, attempts);
    }

    [Fact]
    public async Task Repeat_NoRetriesConfigured_IsMadeOnce()
    {
        using var fixture = new CircuitFixture(configure: options => options.MaxRetries = 0);
        var attempts = 0;
        await Assert.ThrowsAsync<BlobStoreUnavailableException>(() => fixture.Circuit.RepeatAsync(0, (_, _) => throw new BlobStoreUnavailableException($"{++attempts}"), default).AsTask());
        Assert.Equal(1, attempts);
    }

    [Fact]
    public async Task Call_TakesTooLong_EndsInTimeAndIsNotMadeAgain()
    {
        using var fixture = new CircuitFixture();
        var attempts = 0;
        var began = fixture.Clock.GetUtcNow();
        BlobStoreUnavailableException error = null!;
        var counted = await CircuitFixture.CountedAsync("sessionreplay.dependency.timeouts", async () =>
            error = await Assert.ThrowsAsync<BlobStoreUnavailableException>(() => fixture.PassAsync(fixture.Circuit.RepeatAsync(
                0,
                async (_, token) =>
                {
                    attempts++;
                    await Task.Delay(Timeout.Infinite, token);
                },
                default).AsTask())));

        Assert.Equal(1, attempts);
        Assert.InRange(fixture.Clock.GetUtcNow() - began, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(39));
        Assert.Equal("The blob store did not answer within 00:00:10. If it is only slow, raise SessionReplay:Resilience:Storage:Timeout.", error.Message);
        Assert.Contains("blob-store", counted);
    }

    [Fact]
    public async Task Call_WithMoreTime_HasIt()
    {
        using var fixture = new CircuitFixture();
        var began = fixture.Clock.GetUtcNow();
        await Assert.ThrowsAsync<BlobStoreUnavailableException>(() => fixture.PassAsync(fixture.Circuit.OnceAsync(
            0, async (_, token) => await Task.Delay(Timeout.Infinite, token), default, fixture.Circuit.TransferTime(30 * 1024 * 1024)).AsTask()));

        Assert.InRange(fixture.Clock.GetUtcNow() - began, TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(90));
    }

    [Fact]
    public async Task Call_CallerGivesUp_IsCancelledAndDoesNotCount()
    {
        using var fixture = new CircuitFixture();
        for (var i = 0; i < 10; i++)
        {
            using var caller = new CancellationTokenSource();
            var call = fixture.Circuit.RepeatAsync(0, async (_, token) => await Task.Delay(Timeout.Infinite, token), caller.Token).AsTask();
            await caller.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        }

        Assert.Equal(CircuitState.Closed, fixture.Circuit.State);
    }

    [Fact]
    public async Task Breaker_KeepsFailing_OpensAndWithholdsCallsUntilTheBreakIsOver()
    {
        using var fixture = new CircuitFixture();
        await fixture.OpenAsync();
        fixture.Clock.Advance(TimeSpan.FromSeconds(2));
        var called = false;
        BlobStoreUnavailableException error = null!;
        var counted = await CircuitFixture.CountedAsync("sessionreplay.dependency.rejections", async () =>
            error = await Assert.ThrowsAsync<BlobStoreUnavailableException>(() => fixture.Circuit.RepeatAsync(
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
        Assert.Equal(TimeSpan.FromSeconds(3), Assert.Throws<BlobStoreUnavailableException>(fixture.Circuit.ThrowIfOpen).RetryAfter);
    }

    [Fact]
    public async Task Breaker_BreakIsOverAndACallSucceeds_Closes()
    {
        using var fixture = new CircuitFixture();
        await fixture.OpenAsync();
        fixture.Clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(CircuitState.HalfOpen, fixture.Circuit.State);
        fixture.Circuit.ThrowIfOpen();
        Assert.Equal(1, await fixture.SucceedAsync());
        Assert.Equal(CircuitState.Closed, fixture.Circuit.State);
    }

    [Fact]
    public async Task Breaker_BreakIsOverAndACallFails_OpensAgain()
    {
        using var fixture = new CircuitFixture();
        await fixture.OpenAsync();
        fixture.Clock.Advance(TimeSpan.FromSeconds(5));

        await Assert.ThrowsAsync<BlobStoreUnavailableException>(() => fixture.Circuit.OnceAsync(0, (_, _) => throw CircuitFixture.Away, default).AsTask());
        Assert.Equal(CircuitState.Open, fixture.Circuit.State);
        Assert.Equal(TimeSpan.FromSeconds(5), fixture.Circuit.RemainingBreak);
    }

    [Fact]
    public async Task Breaker_ProbeIsUnderWay_OthersAreWithheld()
    {
        using var fixture = new CircuitFixture();
        await fixture.OpenAsync();
        fixture.Clock.Advance(TimeSpan.FromSeconds(5));
        var answer = new TaskCompletionSource<int>();
        var probe = fixture.Circuit.OnceAsync(0, (_, _) => new ValueTask<int>(answer.Task), default).AsTask();

        var error = await Assert.ThrowsAsync<BlobStoreUnavailableException>(() => fixture.SucceedAsync().AsTask());
        Assert.True(error.RetryAfter > TimeSpan.Zero);
        answer.SetResult(7);
        Assert.Equal(7, await probe);
        Assert.Equal(1, await fixture.SucceedAsync());
    }

    [Fact]
    public async Task Breaker_ProbeAnswersWithAnErrorOfItsOwn_Closes()
    {
        using var fixture = new CircuitFixture();
        await fixture.OpenAsync();
        fixture.Clock.Advance(TimeSpan.FromSeconds(5));

        await Assert.ThrowsAsync<BlobNotFoundException>(() => fixture.Circuit.OnceAsync(0, (_, _) => throw new BlobNotFoundException("x"), default).AsTask());
        Assert.Equal(CircuitState.Closed, fixture.Circuit.State);
    }

    [Fact]
    public async Task Breaker_ProbeIsCancelled_OpensAgain()
    {
        using var fixture = new CircuitFixture();
        await fixture.OpenAsync();
        fixture.Clock.Advance(TimeSpan.FromSeconds(5));
        using var caller = new CancellationTokenSource();
        var probe = fixture.Circuit.OnceAsync(0, async (_, token) => await Task.Delay(Timeout.Infinite, token), caller.Token).AsTask();
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => probe);
        Assert.Equal(CircuitState.Open, fixture.Circuit.State);
    }

    [Fact]
    public async Task Breaker_TimeOuts_Count()
    {
        using var fixture = new CircuitFixture();
        await fixture.PassAsync(Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Assert.ThrowsAsync<BlobStoreUnavailableException>(() =>
            fixture.Circuit.OnceAsync(0, async (_, token) => await Task.Delay(Timeout.Infinite, token), default).AsTask()))));

        Assert.Equal(CircuitState.Open, fixture.Circuit.State);
    }

    [Fact]
    public async Task Bulkhead_Full_RefusesWithoutCallingAndTakesAgainLater()
    {
        using var fixture = new CircuitFixture(configure: options => (options.MaxConcurrency, options.MaxQueued) = (2, 1));
        var answer = new TaskCompletionSource<int>();
        var calls = Enumerable.Range(0, 3).Select(_ => fixture.Circuit.OnceAsync(0, (_, _) => new ValueTask<int>(answer.Task), default).AsTask()).ToList();
        BlobStoreUnavailableException error = null!;
        var counted = await CircuitFixture.CountedAsync("sessionreplay.dependency.rejections", async () =>
            error = await Assert.ThrowsAsync<BlobStoreUnavailableException>(() => fixture.SucceedAsync().AsTask()));

        Assert.Equal(TimeSpan.FromSeconds(1), error.RetryAfter);
        Assert.Contains("blob-store full", counted);
        Assert.Equal(CircuitState.Closed, fixture.Circuit.State);
        answer.SetResult(3);
        Assert.All(await Task.WhenAll(calls), each => Assert.Equal(3, each));
        Assert.Equal(1, await fixture.SucceedAsync());
    }

    [Fact]
    public async Task KeyManagement_FaultOfOneKey_IsNotMadeAgainAndDoesNotCount()
    {
        using var fixture = new CircuitFixture(Dependency.KeyManagement);
        var attempts = 0;
        for (var i = 0; i < 20; i++)
        {
            await Assert.ThrowsAsync<KeyManagementException>(() => fixture.Circuit.RepeatAsync(
                0, (_, _) => throw new KeyManagementException($"{++attempts}") { IsPermanent = true }, default).AsTask());
        }

        Assert.Equal(20, attempts);
        Assert.Equal(CircuitState.Closed, fixture.Circuit.State);
    }

    [Fact]
    public async Task KeyManagement_IsAway_Opens()
    {
        using var fixture = new CircuitFixture(Dependency.KeyManagement);
        await fixture.OpenAsync();
        Assert.NotNull(Assert.Throws<KeyManagementException>(fixture.Circuit.ThrowIfOpen).RetryAfter);
    }

    [Fact]
    public async Task Report_FailuresAndThenASuccess_OpenAndClose()
    {
        using var fixture = new CircuitFixture();
        for (var i = 0; i < 4; i++)
        {
            await fixture.Circuit.ReportFailureAsync(CircuitFixture.Away);
        }

        Assert.Equal(CircuitState.Open, fixture.Circuit.State);
        await fixture.Circuit.ReportSuccessAsync();
        Assert.Equal(CircuitState.Open, fixture.Circuit.State);
        fixture.Clock.Advance(TimeSpan.FromSeconds(5));
        await fixture.Circuit.ReportSuccessAsync();
        Assert.Equal(CircuitState.Closed, fixture.Circuit.State);
    }
}
