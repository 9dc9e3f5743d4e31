using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SessionReplay.Audit;
using SessionReplay.Keys;
using SessionReplay.Pipeline.Lifecycle;
using SessionReplay.Storage;

namespace SessionReplay.Pipeline.Tests.Lifecycle;

public sealed class RetentionSweepTests : IAsyncLifetime
{
    private readonly OutageBlobStore _blobs = new() { IsOut = false };
    private readonly List<string> _deleted = [];
    private FullHost _host = null!;
    private FakeTimeProvider _clock = null!;
    private RetentionGuard _guard = null!;
    private RetentionSweep _sweep = null!;

    public async Task InitializeAsync()
    {
        _host = await FullHost.StartAsync(build: (builder, _) => builder.Services.AddSingleton<IBlobStore>(_blobs), configure: options =>
        {
            options.Resilience.Storage.MaxRetries = 0;
            options.Tenants[1].RetentionDays = options.Tenants[0].RetentionDays;
        });
        _clock = new(TimeProvider.System.GetUtcNow().AddDays(29).AddHours(1));
        _guard = ActivatorUtilities.CreateInstance<RetentionGuard>(_host.Services, _clock);
        _clock.Advance(RetentionGuard.ProofTime);
        _sweep = ActivatorUtilities.CreateInstance<RetentionSweep>(_host.Services, _clock, _guard);
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Run_StoreAway_DestroysAllKeysAndDeletesTheObjectsWhenItIsBack()
    {
        var sessions = await AddAsync("shop", (2 * RetentionSweep.BatchSize) + 20);
        sessions.AddRange(await AddAsync("other", 3));
        _blobs.IsOut = true;

        Assert.Equal(0, await _sweep.RunAsync(default));

        var ciphers = _host.Services.GetRequiredService<ISessionCipherProvider>();
        foreach (var session in sessions)
        {
            await Assert.ThrowsAsync<KeyDeletedException>(async () => await ciphers.GetAsync(session, default));
        }

        Assert.Equal(sessions.Count, _blobs.Keys.Count());
        Assert.InRange(_blobs.Refused, 1, 2 * RetentionSweep.MaxFailures);
        _blobs.IsOut = false;
        var done = 0;
        await FullHost.WaitAsync(
            async () => (done += await _sweep.RunAsync(default)) == sessions.Count, "the pipeline, and then all deletions");
        Assert.Empty(_blobs.Keys);
        Assert.Equal(0, await _sweep.RunAsync(default));
    }

    [Fact]
    public async Task Run_TenantWithABacklog_LeavesOthersTheirTurns()
    {
        await AddAsync("shop", (2 * RetentionSweep.BatchSize) + 20);
        await AddAsync("other", 1);
        _blobs.Deleting = _deleted.AddRange;

        Assert.Equal((2 * RetentionSweep.BatchSize) + 21, await _sweep.RunAsync(default));

        Assert.InRange(_deleted.FindIndex(key => key.StartsWith("other/", StringComparison.Ordinal)), 0, RetentionSweep.BatchSize);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(RetentionSweep.MaxFailures + 2, 2)]
    public async Task Run_SessionsWhoseDeletionAlwaysFails_DoNotStopOthers(int failing, int sweeps)
    {
        var never = (await AddAsync("shop", failing)).Select(s => s.Session.ToString()).ToList();
        await AddAsync("shop", 5);
        _blobs.Deleting = keys =>
        {
            if (keys.Any(key => never.Any(id => key.Contains(id, StringComparison.Ordinal))))
            {
                throw new ArgumentException("The store will never take this one away.");
            }
        };

        var done = 0;
        for (var i = 0; i < sweeps; i++)
        {
            done += await _sweep.RunAsync(default);
        }

        Assert.Equal(5, done);
        Assert.Equal(failing, _blobs.Keys.Count());
    }

    /// <summary>The refusals are the key store's own: a trigger stands in for anything that one session fails by.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(RetentionSweep.BatchSize + 5)]
    public async Task Run_SessionsWhoseKeysCannotBeDestroyed_DoNotStopOthers(int failing)
    {
        var never = await AddAsync("shop", failing);
        await AddAsync("shop", 5);
        await AddAsync("other", 2);
        await using var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = Path.Combine(_host.DataFolder, "keys", "keys.db"), Pooling = false }
                .ToString());
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = string.Concat(never.Select((session, i) =>
            $"CREATE TRIGGER t{i} BEFORE UPDATE ON keys WHEN hex(old.id) = '{session.Session.ToString().ToUpperInvariant()}' BEGIN SELECT RAISE(ABORT, 'no'); END;"));
        await command.ExecuteNonQueryAsync();

        Assert.Equal(7, await _sweep.RunAsync(default));

        Assert.Equal(failing, _blobs.Keys.Count());
    }

    /// <summary>A clock that is 40 days ahead, whether it was so from the start or jumps while the process runs.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    public async Task Run_ClockFarAhead_DestroysNothingUntilAnOperatorConfirms(int count)
    {
        var sessions = await AddAsync("shop", count);
        _clock.Advance(TimeSpan.FromDays(10));
        Assert.True(await _guard.IsClockRightAsync(default));

        Assert.Equal(0, await _sweep.RunAsync(default));

        var ciphers = _host.Services.GetRequiredService<ISessionCipherProvider>();
        foreach (var session in sessions)
        {
            (await ciphers.GetAsync(session, default)).Dispose();
        }

        Assert.Equal(count, await _sweep.RunConfirmedAsync(new TenantId("shop"), default));
        await Assert.ThrowsAsync<KeyDeletedException>(async () => await ciphers.GetAsync(sessions[0], default));
    }

    [Fact]
    public async Task Run_ClockJumps_DeletesNothingUntilItIsConfirmed()
    {
        await AddAsync("shop", 1);
        var clock = new JumpingClock(_clock);
        var guard = ActivatorUtilities.CreateInstance<RetentionGuard>(_host.Services, clock);
        var sweep = ActivatorUtilities.CreateInstance<RetentionSweep>(_host.Services, clock, guard);
        clock.Jump = TimeSpan.FromHours(2);
        Assert.Equal(0, await sweep.RunAsync(default));
        _clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(0, await sweep.RunAsync(default));

        // Then it goes on if something confirms the time: here nothing has come for 30 days, so it takes a day.
        _clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(0, await sweep.RunAsync(default));
        _clock.Advance(RetentionGuard.ProofTime);
        Assert.Equal(1, await sweep.RunAsync(default));
    }

    [Fact]
    public async Task Run_FewOfManyAreOverdue_AreDeletedWithTheReasonInTheAuditLog()
    {
        var old = Assert.Single(await AddAsync("shop", 1));
        await AgeAsync(old, TimeSpan.FromDays(20));
        await AddAsync("shop", 19);

        // One of twenty is as much as may be overdue; the others fell due an hour ago.
        Assert.Equal(20, await _sweep.RunAsync(default));

        var row = Assert.Single(await _host.Services.GetRequiredService<IAuditLog>().ListAsync(old, null, 10, default));
        Assert.Equal(
            ("session.destroy", "session-replay", "reason=retention", "shop"),
            (row.Entry.Action, row.Entry.Actor, row.Entry.Detail, row.Entry.Tenant?.Value));
    }

    /// <summary>Makes a session older than it is.</summary>
    private async Task AgeAsync(SessionRef session, TimeSpan age)
    {
        await using var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = Path.Combine(_host.DataFolder, "catalog.db"), Pooling = false }.ToString());
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "UPDATE sessions SET last_received_at = last_received_at - $age WHERE session = $session";
        command.Parameters.AddWithValue("$age", (long)age.TotalMilliseconds);
        command.Parameters.AddWithValue("$session", session.Session.Value.ToByteArray(bigEndian: true));
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
    }

    private Task<List<SessionRef>> AddAsync(string tenant, int count) => StoredSessions.AddAsync(_host, _blobs, tenant, count);
}
