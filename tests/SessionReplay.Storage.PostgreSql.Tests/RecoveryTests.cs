using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using SessionReplay.Catalog;
using SessionReplay.Keys;
using SessionReplay.Storage.PostgreSql.Catalog;
using SessionReplay.Storage.PostgreSql.Database;
using SessionReplay.Storage.PostgreSql.Keys;
using SessionReplay.Testing;
using SessionReplay.Testing.Peers;

namespace SessionReplay.Storage.PostgreSql.Tests;

/// <summary>
/// The server is killed and started again while it is written to: what was confirmed is there, and the same clients go on.
/// </summary>
public sealed class RecoveryTests : IAsyncLifetime
{
    private PostgreSqlServer? _server;

    public async Task InitializeAsync()
    {
        try
        {
            PostgreSqlServer.Require();
        }
        catch (SkipException)
        {
            return;
        }

        _server = await PostgreSqlServer.StartAsync();
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [SkippableFact]
    public async Task Kill_WhileWriting_EveryConfirmedWriteIsThereAndTheClientsGoOn()
    {
        PostgreSqlServer.Require();
        var schema = PostgreSqlFixture.NewSchema();
        await using var catalog = new PostgreSqlCatalog(PostgreSqlFixture.Open(_server!, schema), 1L << 40);
        await catalog.CheckAsync(default);
        var writers = new Writers(catalog);
        using var stop = new CancellationTokenSource();
        var running = writers.RunAsync(4, stop.Token);

        for (var kill = 0; kill < 3; kill++)
        {
            await WaitForAsync(writers.Confirmed, writers.Confirmed.Count + 40);
            await _server!.KillAsync();
            var before = writers.Unavailable;
            for (var i = 0; i < 6000 && writers.Unavailable == before; i++)
            {
                await Task.Delay(20);
            }

            await _server.StartServerAsync();
        }

        await WaitForAsync(writers.Confirmed, writers.Confirmed.Count + 40);
        await stop.CancelAsync();
        await running;

        foreach (var session in writers.Confirmed.Keys.GroupBy(chunk => chunk.SessionRef))
        {
            var listed = await catalog.ListChunksAsync(session.Key, default);
            Assert.Equal(session.Select(chunk => chunk.Seq).Order(), listed.Select(chunk => chunk.Seq));
            Assert.Equal(listed.Count, (await catalog.FindSessionAsync(session.Key, default))!.Chunks);
        }
    }

    [SkippableFact]
    public async Task Use_NobodyListens_ThrowsUnavailableWithoutThePassword()
    {
        PostgreSqlServer.Require();
        await using var store = new PostgreSqlKeyStore(
            new PostgreSqlDatabase(
                new PostgreSqlKeyStoreOptions { ConnectionString = "Host=127.0.0.1;Port=1;Username=u;Password=secret-1" },
                null, PostgreSqlKeyStore.Migrations, static (message, e) => new KeyStoreUnavailableException(message, e),
                NullLogger.Instance),
            TimeProvider.System);

        var e = await Assert.ThrowsAsync<KeyStoreUnavailableException>(
            async () => await store.FindAsync(new(new("a"), DataKeyPurpose.Session, Guid.CreateVersion7()), default));

        Assert.DoesNotContain("secret-1", e.ToString(), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Write_AnotherProcessStoppedInATransaction_GoesOn()
    {
        PostgreSqlServer.Require();
        var schema = PostgreSqlFixture.NewSchema();
        await using var catalog = new PostgreSqlCatalog(PostgreSqlFixture.Open(_server!, schema), 1L << 40);
        await using var stopped = new PostgreSqlDatabase(
            new PostgreSqlCatalogOptions { ConnectionString = _server!.ConnectionString, Schema = schema,
                CommandTimeout = TimeSpan.FromSeconds(10) },
            null, CatalogSchema.Migrations, static (message, e) => new CatalogUnavailableException(message, e), NullLogger.Instance);
        var session = new SessionRef(new("shop"), SessionId.Create(TimeProvider.System));
        var (locked, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        var write = Task.Run(() => stopped.WriteAsync(
            async connection =>
            {
                using var command = new NpgsqlCommand($"SELECT {schema}.lock_session('shop', @session)", connection);
                command.Parameters.AddWithValue("session", session.Session.Value);
                await command.ExecuteNonQueryAsync();
                locked.SetResult();
                await goOn.Task;
                return 0;
            },
            default).AsTask());
        await Task.WhenAny(locked.Task, write);
        Assert.True(locked.Task.IsCompletedSuccessfully, "The other process has the session's lock.");

        Assert.Equal(
            [RecordOutcome.Recorded], await catalog.RecordAsync([Chunk(session, WindowId.Create(TimeProvider.System), 0)], default));

        // What the stopped one had begun is gone, and it gets an error when it goes on.
        goOn.SetResult();
        await Assert.ThrowsAsync<CatalogUnavailableException>(() => write);
    }

    private static async Task WaitForAsync(ConcurrentDictionary<ChunkId, byte> confirmed, int count)
    {
        for (var i = 0; i < 1200 && confirmed.Count < count; i++)
        {
            await Task.Delay(50);
        }

        Assert.True(confirmed.Count >= count, "The writers did not go on within a minute.");
    }

    private static ChunkRecord Chunk(SessionRef session, WindowId window, uint seq) => new()
    {
        Header = new ChunkHeader
        {
            Id = new(session.Tenant, session.Session, window, seq), Compression = ChunkCompression.Gzip, Flags = ChunkFlags.None,
            EventCount = 10, FirstTime = 1000, LastTime = 2000,
            SessionStarted = 1000, BatchLength = 1000, PayloadLength = 100,
        },
        Location = new($"part-{seq}", 0, 100),
        ReceivedAt = 3000,
        ClockOffset = 0,
        SealedFacts = new byte[] { 1 },
        SealedWindowEnd = new byte[] { 1 },
        Delta = new() { Terms = [new byte[16]], CustomEvents = [new(Enumerable.Repeat((byte)1, 16).ToArray(), new byte[] { 1 })] },
    };

    /// <summary>Write chunks, each again until it is confirmed.</summary>
    private sealed class Writers(PostgreSqlCatalog catalog)
    {
        private int _unavailable;

        public ConcurrentDictionary<ChunkId, byte> Confirmed { get; } = new();

        public int Unavailable => Volatile.Read(ref _unavailable);

        public Task RunAsync(int count, CancellationToken stop) =>
            Task.WhenAll(Enumerable.Range(0, count).Select(_ => Task.Run(() => WriteAsync(stop), CancellationToken.None)));

        private async Task WriteAsync(CancellationToken stop)
        {
            var (session, window) = (
                new SessionRef(new("shop"), SessionId.Create(TimeProvider.System)), WindowId.Create(TimeProvider.System));
            for (uint seq = 0; !stop.IsCancellationRequested;)
            {
                try
                {
                    Assert.NotEqual([RecordOutcome.SessionDeleted], await catalog.RecordAsync([Chunk(session, window, seq)], default));
                    Confirmed[new(session.Tenant, session.Session, window, seq)] = 0;
                    seq++;
                }
                catch (CatalogUnavailableException)
                {
                    Interlocked.Increment(ref _unavailable);
                    await Task.Delay(50, CancellationToken.None);
                }
            }
        }
    }
}
