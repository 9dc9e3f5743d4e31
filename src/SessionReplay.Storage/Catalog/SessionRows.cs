using Microsoft.Data.Sqlite;
using SessionReplay.Catalog;
using SessionReplay.Sqlite;
using SessionReplay.Storage.Sqlite;

namespace SessionReplay.Storage.Catalog;

/// <summary>Reads rows of the table of sessions.</summary>
internal static class SessionRows
{
    /// <summary>
    /// The condition that keeps sessions whose deletion was begun from readers. The plus keeps it from choosing an index.
    /// </summary>
    public const string Shown = "+s.deleting_at IS NULL";

    public const string Select = $"SELECT {SessionColumns.All} FROM sessions s";

    // An id that is none makes the row a damaged one, as other values do.
    public static SessionRow Read(SqliteDataReader row) =>
        SessionColumns.Read(row, row.GetValue(1) is byte[] { Length: 16 } id ? new Guid(id, bigEndian: true) : Guid.Empty);

    /// <summary>Lists the sealed names of a session's custom events, in the order of their indexes.</summary>
    public static List<SealedName> CustomEvents(SqliteStatements sql, SessionRef session, int limit) => sql.Query(
        """
        SELECT t.term, t.name_sealed FROM session_terms t JOIN sessions s ON s.id = t.session_id
        WHERE s.tenant = $tenant AND s.session = $session AND t.name_sealed IS NOT NULL ORDER BY t.term LIMIT $limit
        """,
        static row => new SealedName(row.Bytes(0), row.Bytes(1)),
        ("$tenant", session.Tenant.Value), ("$session", session.Session.Value.ToBytes()), ("$limit", limit));
}
