using Npgsql;

namespace SessionReplay.Storage.PostgreSql.Database;

/// <summary>Tells an outage from a refusal by the SQLSTATE (PostgreSQL, "Error Codes").</summary>
internal static class ServerErrors
{
    /// <summary>
    /// The connection, resources, locks, and the database's set-up. Statements are constants and values are parameters, so no message can
    /// cause the errors of a login (28), of a database, schema, table or right that is missing (3D, 3F, 42), or of a standby that takes no
    /// writes (25).
    /// </summary>
    private static readonly string[] OutageClasses = ["08", "25", "28", "3D", "3F", "40", "42", "53", "55", "57", "58"];

    /// <summary>Whether the same call may succeed later.</summary>
    public static bool IsOutage(Exception error) => error switch
    {
        PostgresException e => OutageClasses.Contains(e.SqlState[..2], StringComparer.Ordinal),
        NpgsqlException or TimeoutException or IOException or System.Net.Sockets.SocketException => true,
        _ => false,
    };
}
