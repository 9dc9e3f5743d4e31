using SessionReplay.Catalog;
using static SessionReplay.Storage.PostgreSql.Database.Parameters;

namespace SessionReplay.Storage.PostgreSql.Catalog;

/// <content>Moves sessions from and to other catalogs.</content>
internal sealed partial class PostgreSqlCatalog
{
    public async ValueTask<IReadOnlyList<SessionRow>> ListSessionsAsync(
        SessionRef? after, int limit, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            $"{SelectSessions} WHERE {SessionRows.Shown} {Behind(after, "s.")} ORDER BY s.tenant, s.session LIMIT @limit",
            SessionRows.Read,
            [Of("limit", limit), .. after is { } last ? Name(last) : []],
            cancellationToken).ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<SealedName>> ListTermsAsync(
        SessionRef session, ReadOnlyMemory<byte> after, int limit, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            $"""
            SELECT t.term, t.name_sealed FROM {_schema}.session_terms t JOIN {_schema}.sessions s ON s.id = t.session_id
            {ByName} AND t.term > @after ORDER BY t.term LIMIT @limit
            """,
            static row => new SealedName(row.Bytes(0), row.BytesOrNull(1)),
            [.. Name(session), Of("after", after), Of("limit", limit)],
            cancellationToken).ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<DeletedSession>> ListDeletedAsync(
        SessionRef? after, int limit, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            $"SELECT tenant, session, deleted_at FROM {_schema}.deleted_sessions WHERE TRUE {Behind(after, "")} ORDER BY tenant, session LIMIT @limit",
            static row =>
                new DeletedSession(
                    new(new(row.GetString(0)), new(row.GetGuid(1))), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2))),
            [Of("limit", limit), .. after is { } last ? Name(last) : []],
            cancellationToken).ConfigureAwait(false);

    public async ValueTask<bool> WriteAsync(SessionRow session, SessionTransfer transfer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(transfer);
        await _bodies.EnsureAsync(cancellationToken).ConfigureAwait(false);
        return await database.WriteAsync(
            async connection =>
            {
                if (await new SessionWriter(connection, _schema, session).BeginAsync(cancellationToken)
                    .ConfigureAwait(false) is not { } writer)
                {
                    return false;
                }

                await writer.WriteChunksAsync(transfer.Chunks, cancellationToken).ConfigureAwait(false);
                await writer.WriteBodiesAsync(transfer.Bodies, cancellationToken).ConfigureAwait(false);
                await writer.WriteTermsAsync(transfer.Terms, cancellationToken).ConfigureAwait(false);
                await writer.WriteAssetsAsync(transfer.Assets, cancellationToken).ConfigureAwait(false);
                if (transfer.IsLast)
                {
                    await writer.CompleteAsync(cancellationToken).ConfigureAwait(false);
                }

                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }

    private static string Behind(SessionRef? after, string table) =>
        after is null ? "" : $"AND ({table}tenant, {table}session) > (@tenant, @session)";
}
