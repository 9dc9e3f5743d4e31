
using System.Text;
using Npgsql;
using SessionReplay.Testing.Peers;

namespace SessionReplay.Pipeline.Tests.Lifecycle;

/// <summary>
/// The promise with catalog and keys in PostgreSQL. The copies are dumps; the files of the cluster are looked at as they lie on the disk,
/// with the write-ahead log. That log keeps what was once written until its files are used again, so wrapped keys are looked for in the
/// tables' files only.
/// </summary>
public sealed class PostgreSqlShreddingTests : ShreddingSuite
{
    private readonly Dictionary<string, string> _keys = [];
    private PostgreSqlServer? _server;

    public override async Task InitializeAsync()
    {
        PostgreSqlServer.Require();
        _server = await PostgreSqlServer.StartAsync();
        await _server.ExecuteAsync("postgres", "CREATE DATABASE catalog_data");
        await _server.ExecuteAsync("postgres", "CREATE DATABASE keys_data");
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    protected override void Configure(ISessionReplayBuilder replay, string data) => replay
        .AddPostgreSqlCatalog(options => options.ConnectionString = For("catalog", data))
        .AddPostgreSqlKeyStore(options => options.ConnectionString = For("keys", data));

    protected override async Task CopyDatabasesAsync(string copy)
    {
        // Of the others only the queue's file is looked at.
        if (copy is "copy-queued" or "copy-deleted-live")
        {
            return;
        }

        await _server!.CopyDatabaseAsync("catalog_data", Name("catalog", copy));
        await _server.CopyDatabaseAsync("keys_data", Name("keys", copy));
        if (copy is "copy-compacted")
        {
            return;
        }

        // In clear it never was in any file of the cluster, the write-ahead log among them.
        await _server.ExecuteAsync("postgres", "CHECKPOINT");
        foreach (var encoding in new[] { Encoding.UTF8, Encoding.Unicode })
        {
            Assert.Empty(DataFiles.FilesWith(ClusterFiles(""), encoding.GetBytes(MarkedBatch.Marker)));
        }
    }

    protected override void UseRemainingKeys(string copy) => _keys[copy] = "copy-deleted";

    protected override List<byte[]> Rows(string copy, string database, string sql, byte[] id)
    {
        using var connection = new NpgsqlConnection(For(database, copy));
        connection.Open();
        using var command = new NpgsqlCommand(sql.Replace("$id", "@id", StringComparison.Ordinal), connection);
        command.Parameters.Add(new("id", id.Length == 16 ? new Guid(id, bigEndian: true) : id));
        using var row = command.ExecuteReader();
        var rows = new List<byte[]>();
        while (row.Read())
        {
            rows.Add(row.GetValue(0) is Guid name ? name.ToByteArray(bigEndian: true) : row.GetFieldValue<byte[]>(0));
        }

        return rows;
    }

    /// <summary>A vacuum frees the room of a deleted row and need not overwrite it; only a full one rewrites the table.</summary>
    protected override async Task AssertKeysAreGoneAsync(IReadOnlyList<byte[]> wrapped)
    {
        var remaining = Rows("data", "keys", "SELECT ciphertext FROM keys WHERE ciphertext IS NOT NULL", new byte[16]);
        remaining.AddRange(Rows("data", "keys", "SELECT facts_key FROM keys WHERE facts_key IS NOT NULL", new byte[16]));
        Assert.InRange(remaining.Count, 4, 10);
        Assert.All(wrapped, key => Assert.DoesNotContain(remaining, other => other.AsSpan().SequenceEqual(key)));
        Assert.All(wrapped, key => Assert.NotEmpty(DataFiles.FilesWith(ClusterFiles("base"), key)));

        // The copies lie in the same cluster: only the files of the database itself count.
        await _server!.ExecuteAsync("keys_data", "VACUUM FULL");
        await _server.ExecuteAsync("postgres", "CHECKPOINT");
        var folder = Assert.Single(
            Rows("data", "keys", "SELECT oid::text::bytea FROM pg_database WHERE datname = current_database()", new byte[16]));
        var files = ClusterFiles($"base/{Encoding.ASCII.GetString(folder)}");
        Assert.All(wrapped, key => Assert.Empty(DataFiles.FilesWith(files, key)));
        Assert.Contains(remaining, key => DataFiles.FilesWith(files, key).Count > 0);
    }

    private static string Name(string database, string data) => $"{database}_{data}";

    private string For(string database, string data) =>
        $"{_server!.For(Name(database, database == "keys" ? _keys.GetValueOrDefault(data, data) : data))};Pooling=false;Search Path=session_replay,session_replay_keys";

    private string[] ClusterFiles(string folder) =>
        [.. Directory.GetFiles(Path.Combine(_server!.DataFolder, folder), "*", SearchOption.AllDirectories).Where(IsTable)];

    /// <summary>All but what the server makes and removes while it runs.</summary>
    private static bool IsTable(string file) =>
        !file.EndsWith("pg_internal.init", StringComparison.Ordinal) && !file.Contains("/pg_stat", StringComparison.Ordinal);
}
