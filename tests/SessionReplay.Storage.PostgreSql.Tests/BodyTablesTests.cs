using Npgsql;
using SessionReplay.Catalog;
using SessionReplay.Storage.PostgreSql.Catalog;

namespace SessionReplay.Storage.PostgreSql.Tests;

/// <summary>The tables for the bytes of chunks come and go with the time.</summary>
[Collection(PostgreSqlCollection.Name)]
public sealed class BodyTablesTests(PostgreSqlFixture fixture) : IAsyncLifetime
{
    private const long Quarter = 900_000;

    private readonly string _schema = PostgreSqlFixture.NewSchema();
    private readonly SessionRef _session = new(new("a"), SessionId.Create(TimeProvider.System));
    private PostgreSqlCatalog? _catalog;
    private NpgsqlDataSource? _source;

    private PostgreSqlCatalog Catalog => _catalog ??= fixture.OpenCatalog(_schema);

    private NpgsqlDataSource Source => _source ??= NpgsqlDataSource.Create(fixture.Server.ConnectionString);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_catalog is not null)
        {
            await _catalog.DisposeAsync();
        }

        if (_source is not null)
        {
            await _source.DisposeAsync();
        }
    }

    [SkippableFact]
    public async Task Record_ManyProcessesAtOnce_MakeTwoTables()
    {
        var catalogs = Enumerable.Range(0, 4).Select(_ => fixture.OpenCatalog(_schema)).ToList();
        await Task.WhenAll(catalogs.Select((catalog, i) =>
            catalog.RecordAsync([HeldChunks.Create(_session, (uint)i, [1])], default).AsTask()));
        foreach (var catalog in catalogs)
        {
            await catalog.DisposeAsync();
        }

        Assert.Equal(2, (await TablesAsync()).Count);
    }

    [SkippableFact]
    public async Task Reclaim_TableOfAnEarlierTime_IsDroppedWhenTheCatalogHoldsNothingOfIt()
    {
        await Catalog.RecordAsync([HeldChunks.Create(_session, 0, new byte[5_000_000]), HeldChunks.Create(_session, 1, [2])], default);
        await MakeOlderAsync();
        var used = (await Catalog.ReadSpaceAsync(default)).UsedBytes;
        await Catalog.ReclaimSpaceAsync(default);
        Assert.Equal(2, (await Catalog.ReadBodiesAsync(_session, [new(HeldChunks.Window, 0), new(HeldChunks.Window, 1)], default)).Count);

        await MoveAsync(0, 5_000_000);
        await Catalog.ReclaimSpaceAsync(default);
        Assert.Single(await Catalog.ReadBodiesAsync(_session, [new(HeldChunks.Window, 0), new(HeldChunks.Window, 1)], default));
        await MoveAsync(1, 1);
        await Catalog.ReclaimSpaceAsync(default);

        Assert.True((await Catalog.ReadSpaceAsync(default)).UsedBytes < used - 5_000_000);
        Assert.Equal([RecordOutcome.Recorded], await Catalog.RecordAsync([HeldChunks.Create(_session, 2, [3])], default));
    }

    [SkippableFact]
    public async Task Record_TableIsMissing_FailsOnceAndTheNextMakesIt()
    {
        await Catalog.RecordAsync([HeldChunks.Create(_session, 0, [1])], default);
        await ExecuteAsync(string.Concat((await TablesAsync()).Select(name => $"DROP TABLE {_schema}.{name};")));

        await Assert.ThrowsAsync<CatalogUnavailableException>(
            () => Catalog.RecordAsync([HeldChunks.Create(_session, 1, [2])], default).AsTask());
        Assert.Equal([RecordOutcome.Recorded], await Catalog.RecordAsync([HeldChunks.Create(_session, 1, [2])], default));
    }

    /// <summary>As if what is held had been recorded three quarters of an hour ago.</summary>
    private async Task MakeOlderAsync()
    {
        foreach (var name in await TablesAsync())
        {
            var from = long.Parse(name["chunk_bodies_".Length..], System.Globalization.CultureInfo.InvariantCulture);
            var older = from - (4 * Quarter);
            await ExecuteAsync(
                $"""
                ALTER TABLE {_schema}.chunk_bodies DETACH PARTITION {_schema}.{name};
                UPDATE {_schema}.{name} SET held_at = held_at - {4 * Quarter};
                ALTER TABLE {_schema}.{name} RENAME TO chunk_bodies_{older};
                ALTER TABLE {_schema}.chunk_bodies ATTACH PARTITION {_schema}.chunk_bodies_{older} FOR VALUES FROM ({older}) TO ({older + Quarter});
                """);
        }

        await ExecuteAsync($"UPDATE {_schema}.chunks SET held_at = held_at - {4 * Quarter}");
        // Its process knows of tables that are no more.
        await _catalog!.DisposeAsync();
        _catalog = null;
    }

    private async Task MoveAsync(uint seq, long length)
    {
        var claim = Assert.Single(await Catalog.ClaimForCompactionAsync(
            10, new(1, TimeSpan.FromDays(1)), DateTimeOffset.UtcNow, DateTimeOffset.UtcNow, default));
        await Catalog.CompleteCompactionAsync(
            claim,
            new()
            {
                Key = $"part{seq}", IsRecording = false,
                Moved = [new(HeldChunks.Window, seq, ChunkLocation.InCatalog(length), new($"part{seq}", 0, length))],
            },
            default);
    }

    private async Task<List<string>> TablesAsync()
    {
        var names = new List<string>();
        await using var command = Source.CreateCommand(
            $"SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = '{_schema}.chunk_bodies'::regclass");
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
