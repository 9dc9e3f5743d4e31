using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using SessionReplay.Catalog;
using SessionReplay.Storage.Catalog;
using SessionReplay.Storage.ConformanceTests;
using SessionReplay.Testing;

namespace SessionReplay.Storage.Tests.Catalog;

public sealed class SqliteCatalogTests : CatalogConformance
{
    private readonly TempFolder _folder = new();
    private readonly List<SqliteCatalog> _catalogs = [];

    [Fact]
    public async Task Reclaim_BytesThatHaveLeft_LeaveTheFile()
    {
        const int Length = 1_000_000;
        const int Count = 40;
        var session = new SessionRef(new("a"), SessionId.Create(TimeProvider.System));
        var window = WindowId.Create(TimeProvider.System);
        await Writer.RecordAsync([.. Enumerable.Range(0, Count).Select(seq => Held(session, window, (uint)seq, Length))], default);
        var full = await SizeAsync();
        Assert.InRange(full, (long)Length * Count, long.MaxValue);

        var claim = Assert.Single(await Lifecycle.ClaimForCompactionAsync(
            1, new(1, TimeSpan.FromDays(1)), TimeProvider.System.GetUtcNow(), TimeProvider.System.GetUtcNow(), default));
        await Lifecycle.CompleteCompactionAsync(
            claim,
            new()
            {
                Key = "part", IsRecording = false,
                Moved = [.. Enumerable.Range(0, Count).Select(seq => new MovedChunk(
                    window, (uint)seq, ChunkLocation.InCatalog(Length), new("part", (long)seq * Length, Length)))],
            },
            default);
        await Lifecycle.ReclaimSpaceAsync(default);

        // Some is kept for what comes next.
        Assert.InRange(await SizeAsync(), 0, full / 2);
        Assert.All(await Reader.ListChunksAsync(session, default), static chunk => Assert.Equal("part", chunk.Location.BlobKey));
    }

    public override async Task DisposeAsync()
    {
        foreach (var catalog in _catalogs)
        {
            await catalog.DisposeAsync();
        }

        _folder.Dispose();
    }

    protected override Task<(object Catalog, object Other)> CreateCatalogsAsync()
    {
        _catalogs.AddRange([Open(), Open()]);
        return Task.FromResult<(object, object)>((_catalogs[0], _catalogs[1]));
    }

    /// <summary>The size of the file once its log is in it.</summary>
    private async Task<long> SizeAsync()
    {
        var file = new SqliteConnectionStringBuilder { DataSource = _folder.File("catalog.db"), Pooling = false };
        await using var connection = new SqliteConnection(file.ToString());
        await connection.OpenAsync();
        await using var checkpoint = connection.CreateCommand();
        checkpoint.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        await checkpoint.ExecuteNonQueryAsync();
        return new FileInfo(file.DataSource).Length;
    }

    private SqliteCatalog Open() =>
        new(
            Options.Create(new SqliteCatalogOptions { Path = _folder.File("catalog.db"), AuditPath = _folder.File("audit.db") }),
            TimeProvider.System);
}
