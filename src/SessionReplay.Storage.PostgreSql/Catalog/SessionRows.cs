using Npgsql;
using SessionReplay.Catalog;

namespace SessionReplay.Storage.PostgreSql.Catalog;

/// <summary>Reads rows of the table of sessions.</summary>
internal static class SessionRows
{
    /// <summary>The condition that keeps sessions whose deletion was begun from readers.</summary>
    public const string Shown = "s.deleting_at IS NULL";

    public static SessionRow Read(NpgsqlDataReader row) => SessionColumns.Read(row, row.GetGuid(1));

    /// <summary>What <see cref="ReadNamed"/> reads.</summary>
    /// <param name="schema">The schema, quoted.</param>
    /// <param name="limit">The most names.</param>
    public static string NamedColumns(string schema, int limit) =>
        $"""
        {SessionColumns.All},
        ARRAY(SELECT t.term FROM {schema}.session_terms t WHERE t.session_id = s.id AND t.name_sealed IS NOT NULL ORDER BY t.term LIMIT {limit}),
        ARRAY(SELECT t.name_sealed FROM {schema}.session_terms t WHERE t.session_id = s.id AND t.name_sealed IS NOT NULL ORDER BY t.term LIMIT {limit})
        """;

    /// <summary>Reads a row with the names of its custom events.</summary>
    public static SessionRow ReadNamed(NpgsqlDataReader row)
    {
        var session = Read(row);
        var (terms, names) = (row.GetFieldValue<byte[][]>(29), row.GetFieldValue<byte[][]>(30));
        return session with { Totals =
            session.Totals with { CustomEvents = [.. terms.Zip(names, static (term, name) => new SealedName(term, name))] } };
    }
}
