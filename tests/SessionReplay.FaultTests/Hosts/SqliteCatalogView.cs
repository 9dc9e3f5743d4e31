using Microsoft.Data.Sqlite;

namespace SessionReplay.FaultTests.Hosts;

/// <summary>Looks into an embedded catalog behind everybody's back.</summary>
internal sealed class SqliteCatalogView(string path) : ICatalogView
{
    public async Task<long> CountChunksAsync() => (await QueryAsync("SELECT count(*) FROM chunks", reader => reader.GetInt64(0))).Single();

    public async Task<int> CountNotCompactedAsync(IReadOnlyCollection<Guid> sessions) =>
        sessions.Count - (await QueryAsync(
            "SELECT hex(session) FROM sessions WHERE recording_key IS NOT NULL", reader => Guid.Parse(reader.GetString(0))))
            .Intersect(sessions).Count();

    public async Task<int> CountHeldAsync(IReadOnlyCollection<Guid> sessions) =>
        (await QueryAsync(
            """
            SELECT hex(s.session), b.chunk_id FROM sessions s JOIN chunks c ON c.session_id = s.id JOIN chunk_bodies b ON b.chunk_id = c.id
            WHERE c.held_at IS NOT NULL
            """,
            reader => (Session: Guid.Parse(reader.GetString(0)), Chunk: reader.GetInt64(1))))
            .Count(held => sessions.Contains(held.Session));

    private async Task<HashSet<T>> QueryAsync<T>(string sql, Func<SqliteDataReader, T> read)
    {
        await using var connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new HashSet<T>();
        while (await reader.ReadAsync())
        {
            rows.Add(read(reader));
        }

        return rows;
    }
}
