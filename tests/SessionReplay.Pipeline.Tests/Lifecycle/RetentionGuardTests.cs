using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;
using SessionReplay.Catalog;
using SessionReplay.Pipeline.Lifecycle;

namespace SessionReplay.Pipeline.Tests.Lifecycle;

/// <summary>What a wrong clock can destroy without an operator's word.</summary>
public sealed class RetentionGuardTests : IAsyncLifetime
{
    private const int Sessions = 200;

    private static readonly int[] Retentions = [1, 7, 30, 90, 365, 3_650];
    private static readonly double[] ErrorDays = [0.05, 0.1, 0.5, 1, 2, 3, 5, 20, 38, 40, 200, 400, 4_000];

    private readonly DateTimeOffset _now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private FullHost _host = null!;
    private ISessionLifecycle _catalog = null!;

    public async Task InitializeAsync()
    {
        _host = await FullHost.StartAsync();
        _catalog = _host.Services.GetRequiredService<ISessionLifecycle>();
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    /// <summary>Sessions come evenly, the last one now. The clock is ahead from the start of the process.</summary>
    [Fact]
    public async Task MayDelete_EveryClockErrorAndRetention_LetsLessThanATenthGo()
    {
        var most = 0;
        foreach (var days in Retentions)
        {
            var tenant = Tenant(days);
            await AddAsync(tenant);
            foreach (var error in ErrorDays)
            {
                var clock = new FakeTimeProvider(_now + TimeSpan.FromDays(error) - RetentionGuard.ProofTime);
                var guard = Guard(_catalog, clock, tenant);
                clock.Advance(RetentionGuard.ProofTime / 2);
                Assert.Equal(error * 24 - 12 <= 1, await guard.IsClockRightAsync(default));
                clock.Advance(RetentionGuard.ProofTime / 2);
                Assert.True(await guard.IsClockRightAsync(default));

                var (due, all) = await _catalog.CountExpiredAsync(new(tenant.Id), clock.GetUtcNow() - TimeSpan.FromDays(days), default);
                Assert.Equal(Sessions, all);
                var destroyed = await guard.MayDeleteAsync(tenant, default) ? (int)due : 0;
                Assert.True(destroyed <= Sessions / 10, $"{days} days, {error} ahead: {destroyed} of {Sessions}");
                Assert.True(error > days / 20.0 || destroyed == due, $"{days} days, {error} ahead: within the grace, {destroyed} of {due}");
                most = Math.Max(most, destroyed);
            }
        }

        // It is the documented bound that is reached, and not a guard that never lets anything go.
        Assert.InRange(most, Sessions / 20, Sessions / 10);
    }

    [Fact]
    public void Grace_IsAPartOfTheRetentionAndTwoSweepsAtLeast()
    {
        var options = new SessionReplayOptions();
        var guard = Guard(_catalog, new FakeTimeProvider(_now), options);
        Assert.Equal(
            [TimeSpan.FromHours(1.2), TimeSpan.FromHours(36), TimeSpan.FromDays(2), TimeSpan.FromDays(2)],
            new[] { 1, 30, 40, 3_650 }.Select(days => guard.GraceOf(new TenantOptions { Id = "shop", RetentionDays = days })));
        options.Sessions.SweepInterval = TimeSpan.FromHours(1);
        Assert.Equal(TimeSpan.FromHours(2), guard.GraceOf(new TenantOptions { Id = "shop", RetentionDays = 1 }));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(0.9, true)]
    [InlineData(-0.9, true)]
    [InlineData(1.1, false)]
    [InlineData(-1.1, false)]
    [InlineData(960, false)]
    public async Task IsClockRight_DatabaseServerHasATime_CompareWithIt(double hoursAhead, bool isRight)
    {
        var tenant = Tenant(30);
        var catalog = Substitute.For<ISessionLifecycle>();
        catalog.ReadClockAsync(default, default).ReturnsForAnyArgs(new CatalogClock(_now, _now - TimeSpan.FromDays(20)));
        var clock = new FakeTimeProvider(_now + TimeSpan.FromHours(hoursAhead));

        Assert.Equal(isRight, await Guard(catalog, clock, tenant).IsClockRightAsync(default));
    }

    [Fact]
    public async Task IsClockRight_NothingStoredOrTrafficOfNow_IsConfirmedAtOnce()
    {
        var (one, two) = (Tenant(30), Tenant(31));
        Assert.True(await Guard(_catalog, new FakeTimeProvider(_now.AddDays(9)), one).IsClockRightAsync(default));

        await AddAsync(one);
        Assert.False(await Guard(_catalog, new FakeTimeProvider(_now.AddDays(9)), one, two).IsClockRightAsync(default));
        Assert.True(await Guard(_catalog, new FakeTimeProvider(_now.AddMinutes(50)), two, one).IsClockRightAsync(default));
    }

    private static TenantOptions Tenant(int days) => new() { Id = $"r{days}", RetentionDays = days };

    private static RetentionGuard Guard(ISessionLifecycle catalog, TimeProvider clock, params TenantOptions[] tenants)
    {
        var options = new SessionReplayOptions();
        Array.ForEach(tenants, options.Tenants.Add);
        return Guard(catalog, clock, options);
    }

    private static RetentionGuard Guard(ISessionLifecycle catalog, TimeProvider clock, SessionReplayOptions options) =>
        new(catalog, Options.Create(options.Sessions), [.. options.Tenants], clock, NullLogger<RetentionGuard>.Instance);

    private async Task AddAsync(TenantOptions tenant)
    {
        var outcomes = await _host.Services.GetRequiredService<ICatalogWriter>().RecordAsync(
            [.. Enumerable.Range(0, Sessions).Select(i => Chunk(tenant, _now - (TimeSpan.FromDays(tenant.RetentionDays) * i / Sessions)))],
            default);
        Assert.All(outcomes, outcome => Assert.Equal(RecordOutcome.Recorded, outcome));
    }

    private static ChunkRecord Chunk(TenantOptions tenant, DateTimeOffset at)
    {
        var time = at.ToUnixTimeMilliseconds();
        return new()
        {
            Header = new ChunkHeader
            {
                Id = new(new(tenant.Id), BatchSamples.NewSession(), WindowId.Create(TimeProvider.System), 0),
                Compression = ChunkCompression.Gzip, EventCount = 1,
                Flags = ChunkFlags.FullSnapshot, FirstTime = time, LastTime = time, SessionStarted = time, BatchLength = 1,
                PayloadLength = 1,
            },
            Location = new("key", 0, 1), ReceivedAt = time, ClockOffset = 0, SealedFacts = new byte[] { 1 },
            SealedWindowEnd = new byte[] { 1 }, Delta = new(),
        };
    }
}
