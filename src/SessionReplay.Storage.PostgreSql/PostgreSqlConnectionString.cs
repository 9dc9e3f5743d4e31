using Npgsql;

namespace SessionReplay.Storage.PostgreSql;

/// <summary>Refuses a missing or malformed connection string at the start, without repeating its text: it may hold a password.</summary>
internal static class PostgreSqlConnectionString
{
    private const string Example = "Write for instance Host=db;Username=replay;Password=…;Database=replay.";

    /// <summary>Finds what is wrong with the connection string, unless the application has a data source of its own.</summary>
    /// <param name="options">The options.</param>
    /// <param name="path">The path of their section.</param>
    internal static IEnumerable<string> Check(PostgreSqlOptions options, string path)
    {
        if (options.ServiceKey is not null)
        {
            return [];
        }

        try
        {
            return string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(options.ConnectionString).Host)
                ? [$"'{path}:ConnectionString' names no host. {Example}"]
                : [];
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            return [$"'{path}:ConnectionString' is not a connection string of Npgsql. {Example}"];
        }
    }
}
