using Npgsql;

namespace SessionReplay.FaultTests.Hosts;

/// <summary>Looks into the catalog behind everybody's back.</summary>
internal sealed class CatalogView(string connectionString)
{
    public async Task<long> CountChunksAsync() => (await QueryAsync("SELECT count(*) FROM session_replay.chunks", reader => reader.GetInt64(0))).Single();

    /// <summary>The objects in which chunks lie.</summary>
    public Task<HashSet<string>> BlobKeysAsync() => QueryAsync("SELECT DISTINCT blob_key FROM session_replay.chunks", reader => reader.GetString(0));

    private async Task<HashSet<T>> QueryAsync<T>(string sql, Func<NpgsqlDataReader, T> read)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new HashSet<T>();
        while (await reader.ReadAsync())
        {
            rows.Add(read(reader));
        }

        return rows;
    }
}
