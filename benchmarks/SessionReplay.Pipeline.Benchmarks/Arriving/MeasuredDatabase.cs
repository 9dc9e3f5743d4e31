using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SessionReplay.Catalog;
using SessionReplay.Testing;
using SessionReplay.Testing.Peers;

namespace SessionReplay.Pipeline.Benchmarks.Arriving;

/// <summary>A catalog on a database of its own, and what the database says of itself.</summary>
internal sealed class MeasuredDatabase : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly PostgreSqlServer? _server;
    private readonly ServiceProvider _services;

    private MeasuredDatabase(PostgreSqlServer? server)
    {
        _server = server;
        var builder = new TestBuilder();
        if (server is null)
        {
            builder.AddSqliteCatalog(options => (options.Path, options.AuditPath) = (_folder.File("catalog.db"), _folder.File("audit.db")));
        }
        else
        {
            builder.AddPostgreSqlCatalog(options => options.ConnectionString = server.ConnectionString);
        }

        _services = builder.Services.BuildServiceProvider();
    }

    public IServiceProvider Services => _services;

    public static async Task<MeasuredDatabase> StartAsync(string kind) =>
        new(kind == "postgresql" ? await PostgreSqlServer.StartAsync() : null);

    /// <summary>Reads the sizes, and the server's processor time since it started.</summary>
    public async Task<DatabaseReading> ReadAsync()
    {
        if (_server is null)
        {
            return new(FileBytes: Size("catalog.db"), LogBytes: 0, ServerCpu: TimeSpan.Zero);
        }

        await using var source = NpgsqlDataSource.Create(_server.ConnectionString);
        return new(
            FileBytes: await ScalarAsync(source, "SELECT pg_database_size('postgres')"),
            LogBytes: await ScalarAsync(source, "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint"),
            ServerCpu: ServerCpu());
    }

    /// <summary>
    /// Gives the room back. PostgreSQL drops its tables a quarter of an hour after their time; here, as if that had passed.
    /// </summary>
    public async Task ReclaimAsync()
    {
        if (_server is not null)
        {
            await using var source = NpgsqlDataSource.Create(_server.ConnectionString);
            await ScalarAsync(
                source,
                """
                SELECT count(session_replay.drop_body_table(substring(c.relname FROM 14)::bigint))
                FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'session_replay.chunk_bodies'::regclass
                """);
        }

        await Services.GetRequiredService<ISessionLifecycle>().ReclaimSpaceAsync(default);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _folder.Dispose();
    }

    private static async Task<long> ScalarAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private long Size(string name) =>
        new[] { name, $"{name}-wal" }.Select(_folder.File).Where(File.Exists).Sum(file => new FileInfo(file).Length);

    /// <summary>Adds up the processes of the server's group: in /proc/…/stat, user, system and ended children's time, in ticks.</summary>
    private TimeSpan ServerCpu()
    {
        var main = File.ReadLines(Path.Combine(_server!.DataFolder, "postmaster.pid")).First();
        var ticks = 0L;
        foreach (var folder in Directory.GetDirectories("/proc").Where(static folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])))
        {
            try
            {
                var fields = File.ReadAllText(Path.Combine(folder, "stat")).Split(") ")[^1].Split(' ');
                if (fields[1] == main || Path.GetFileName(folder) == main)
                {
                    ticks += fields[11..15].Sum(static text => long.Parse(text, CultureInfo.InvariantCulture));
                }
            }
            catch (IOException)
            {
                // The process has ended since it was listed.
            }
        }

        return TimeSpan.FromSeconds(ticks / 100.0);
    }
}
