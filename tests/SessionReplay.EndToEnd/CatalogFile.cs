using Microsoft.Data.Sqlite;

namespace SessionReplay.EndToEnd;

/// <summary>The catalog of a running host, seen past it.</summary>
internal static class CatalogFile
{
    /// <summary>Runs a statement.</summary>
    /// <returns>The first value of the first row, if there is one.</returns>
    public static async Task<object?> RunAsync(ReferenceHost host, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(host.DataFolder, "catalog.db")};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync();
    }
}
