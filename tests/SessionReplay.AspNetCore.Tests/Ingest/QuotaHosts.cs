using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace SessionReplay.AspNetCore.Tests.Ingest;

/// <summary>Hosts that share a catalog, and what it counts.</summary>
internal sealed class QuotaHosts : IDisposable
{
    public TempFolder Folder { get; } = new();

    public FakeTimeProvider Clock { get; } = new(TimeProvider.System.GetUtcNow());

    public Dictionary<string, long> Counts()
    {
        using var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = Path.Combine(Folder.FullPath, "catalog.db"), Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name, used FROM quotas";
        using var reader = command.ExecuteReader();
        var counts = new Dictionary<string, long>();
        while (reader.Read())
        {
            counts.Add(reader.GetString(0), reader.GetInt64(1));
        }

        return counts;
    }

    public Task<IngestHost> StartAsync(Action<IngestOptions> bound, Action<ISessionReplayBuilder>? build = null) => IngestHost.StartAsync(
        options =>
        {
            options.DataDirectory = Folder.FullPath;
            options.Ingest.RequestsPerSecondPerAddress = 100_000;
            options.Ingest.WorkPerSecondPerAddress = 1L << 40;
            bound(options.Ingest);
        },
        replay =>
        {
            replay.Services.AddSingleton<TimeProvider>(Clock);
            build?.Invoke(replay);
        });

    public void Dispose() => Folder.Dispose();
}
