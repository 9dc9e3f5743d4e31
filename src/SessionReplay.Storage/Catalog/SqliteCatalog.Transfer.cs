using SessionReplay.Catalog;
using SessionReplay.Storage.Sqlite;

namespace SessionReplay.Storage.Catalog;

/// <content>Moves sessions from and to other catalogs.</content>
internal sealed partial class SqliteCatalog
{
    public ValueTask<IReadOnlyList<SessionRow>> ListSessionsAsync(SessionRef? after, int limit, CancellationToken cancellationToken) =>
        _database.ReadAsync<IReadOnlyList<SessionRow>>(
            sql => sql.Query(
                $"{SessionRows.Select} WHERE {SessionRows.Shown} {Behind(after, "s.")} ORDER BY s.tenant, s.session LIMIT $limit",
                SessionRows.Read,
                [("$limit", limit), .. after is { } last ? Name(last) : []]),
            cancellationToken);

    public ValueTask<IReadOnlyList<SealedName>> ListTermsAsync(
        SessionRef session, ReadOnlyMemory<byte> after, int limit, CancellationToken cancellationToken) =>
        _database.ReadAsync<IReadOnlyList<SealedName>>(
            sql => sql.Query(
                """
                SELECT t.term, t.name_sealed FROM session_terms t JOIN sessions s ON s.id = t.session_id
                WHERE s.tenant = $tenant AND s.session = $session AND t.term > $after ORDER BY t.term LIMIT $limit
                """,
                static row => new SealedName(row.Bytes(0), row.BytesOrNull(1)),
                [.. Name(session), ("$after", after.ToArray()), ("$limit", limit)]),
            cancellationToken);

    public ValueTask<IReadOnlyList<DeletedSession>> ListDeletedAsync(SessionRef? after, int limit, CancellationToken cancellationToken) =>
        _database.ReadAsync<IReadOnlyList<DeletedSession>>(
            sql => sql.Query(
                $"SELECT tenant, session, deleted_at FROM deleted_sessions WHERE TRUE {Behind(after, "")} ORDER BY tenant, session LIMIT $limit",
                static row =>
                    new DeletedSession(
                        new(new(row.GetString(0)), new(row.Guid(1))), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2))),
                [("$limit", limit), .. after is { } last ? Name(last) : []]),
            cancellationToken);

    public ValueTask<bool> WriteAsync(SessionRow session, SessionTransfer transfer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(transfer);
        return _database.WriteAsync(
            sql => SessionWriter.Write(sql, session, transfer, Now), cancellationToken,
            transfer.Bodies.Sum(static body => (long)body.Bytes.Length));
    }

    private static string Behind(SessionRef? after, string table) =>
        after is null ? "" : $"AND ({table}tenant, {table}session) > ($tenant, $session)";
}
