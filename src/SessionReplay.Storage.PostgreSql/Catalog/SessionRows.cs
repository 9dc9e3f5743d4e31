using Npgsql;
using SessionReplay.Catalog;

namespace SessionReplay.Storage.PostgreSql.Catalog;

/// <summary>Reads rows of the table of sessions.</summary>
internal static class SessionRows
{
    /// <summary>The condition that keeps sessions whose deletion was begun from readers.</summary>
    public const string Shown = "s.last_received_at > 0";

    public static SessionRow Read(NpgsqlDataReader row) => SessionColumns.Read(row, row.GetGuid(1));

    /// <summary>What <see cref="ReadNamed"/> reads.</summary>
    /// <param name="schema">The schema, quoted.</param>
    /// <param name="limit">The most names.</param>
    public static string NamedColumns(string schema, int limit) =>
        $"{SessionColumns.All}, ARRAY(SELECT e.name FROM {schema}.session_events e WHERE e.session_id = s.id ORDER BY e.name LIMIT {limit})";

    /// <summary>Reads a row with the names of its custom events.</summary>
    public static SessionRow ReadNamed(NpgsqlDataReader row)
    {
        var session = Read(row);
        return session with { Totals = session.Totals with { CustomEvents = row.GetFieldValue<string[]>(28) } };
    }
}
