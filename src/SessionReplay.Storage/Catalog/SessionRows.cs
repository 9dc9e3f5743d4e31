using Microsoft.Data.Sqlite;
using SessionReplay.Catalog;
using SessionReplay.Storage.Sqlite;

namespace SessionReplay.Storage.Catalog;

/// <summary>Reads rows of the table of sessions.</summary>
internal static class SessionRows
{
    /// <summary>The condition that keeps sessions whose deletion was begun from readers. The plus keeps it from choosing an index.</summary>
    public const string Shown = "+s.last_received_at > 0";

    public const string Select = $"SELECT {SessionColumns.All} FROM sessions s";

    public static SessionRow Read(SqliteDataReader row) => SessionColumns.Read(row, row.Guid(1));

    /// <summary>Lists what a table keeps of a session, in order.</summary>
    public static List<string> Terms(SqliteConnection connection, string table, string column, SessionRef session, int limit = int.MaxValue) => connection.Query(
        $"SELECT t.{column} FROM {table} t JOIN sessions s ON s.id = t.session_id WHERE s.tenant = $tenant AND s.session = $session ORDER BY 1 LIMIT $limit",
        static row => row.GetString(0),
        ("$tenant", session.Tenant.Value), ("$session", session.Session.Value.ToBytes()), ("$limit", limit));
}
