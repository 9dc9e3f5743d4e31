using Npgsql;
using SessionReplay.Catalog;
using static SessionReplay.Storage.PostgreSql.Database.Parameters;

namespace SessionReplay.Storage.PostgreSql.Catalog;

/// <content>Which assets there are, and what names them.</content>
internal sealed partial class PostgreSqlCatalog
{
    public async ValueTask<IReadOnlyList<FoundAsset>> FindAsync(
        SessionRef session, IReadOnlyCollection<ContentHash> hashes, CancellationToken cancellationToken) => await database.QueryAsync(
        $"""
        SELECT a.hash, a.senders, EXISTS (
            SELECT 1 FROM {_schema}.sessions s JOIN {_schema}.session_assets n ON n.session_id = s.id AND n.hash = a.hash {ByName})
        FROM {_schema}.assets a WHERE a.tenant = @tenant AND a.hash = ANY(@hashes) AND a.present
        """,
        static row => new FoundAsset(ReadHash(row), row.GetBoolean(2), row.GetInt64(1)),
        [.. Name(session), Of("hashes", hashes)],
        cancellationToken).ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<ContentHash>> TouchAsync(
        TenantId tenant, IReadOnlyCollection<ContentHash> hashes, DateTimeOffset now, CancellationToken cancellationToken)
    {
        NpgsqlParameter[] Named(IReadOnlyCollection<ContentHash> names) =>
            [Of("tenant", tenant.Value), Of("hashes", names), Of("now", now.ToUnixTimeMilliseconds())];
        var found = await database.QueryAsync(
            $"""
            SELECT a.hash, a.named AND a.used_at < @now - 3600000 FROM {_schema}.assets a
            WHERE a.tenant = @tenant AND a.hash = ANY(@hashes) AND a.present
            """,
            static row => (Hash: ReadHash(row), IsDue: row.GetBoolean(1)),
            Named(hashes),
            cancellationToken).ConfigureAwait(false);
        var due = found.Where(static asset => asset.IsDue).Select(static asset => asset.Hash).ToList();
        if (due.Count > 0)
        {
            await database.QueryAsync($"SELECT {_schema}.use_assets(@tenant, @hashes, @now)", static _ => 0, Named(due), cancellationToken)
                .ConfigureAwait(false);
        }

        return [.. found.Select(static asset => asset.Hash)];
    }

    public async ValueTask<AssetRoom> ReserveAsync(AssetEntry asset, long maxBytes, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(asset);
        var found = await database.QueryAsync(
            $"SELECT r.outcome, r.p_key FROM {_schema}.reserve_asset(@tenant, @hash, @key, @bytes, @charge, @names, @max, @max_unnamed, @now) r",
            static row => new AssetRoom((AssetReservation)row.GetInt32(0), row.GetGuid(1)),
            [
                .. Name(asset.Tenant, asset.Hash), Of("key", asset.Key), Of("bytes", asset.Bytes), Of("charge", asset.Charge),
                Of("names", asset.Names), Of("max", maxBytes),
                Of("max_unnamed", AssetEntry.UnnamedShare(maxBytes)),
                Of("now", now.ToUnixTimeMilliseconds()),
            ],
            cancellationToken).ConfigureAwait(false);
        return found[0];
    }

    public async ValueTask<bool> ConfirmAsync(AssetEntry asset, SessionId? session, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(asset);
        var confirmed = await database.QueryAsync(
            $"""
            WITH confirmed AS (
                UPDATE {_schema}.assets a SET present = true, senders = a.senders | @senders
                WHERE a.tenant = @tenant AND a.hash = @hash AND a.key = @key AND a.taken_at IS NULL RETURNING a.hash),
            named AS (
                INSERT INTO {_schema}.session_assets (session_id, tenant, hash)
                SELECT s.id, s.tenant, c.hash FROM confirmed c, {_schema}.sessions s
                WHERE s.tenant = @tenant AND s.session = @session AND s.deleting_at IS NULL ON CONFLICT DO NOTHING RETURNING 1)
            SELECT EXISTS (SELECT 1 FROM named) FROM confirmed
            """,
            static row => row.GetBoolean(0),
            [.. Name(asset.Tenant, asset.Hash), Of("key", asset.Key), Of("session", session?.Value), Of("senders", asset.Senders)],
            cancellationToken).ConfigureAwait(false);
        if (confirmed is [true])
        {
            await database.QueryAsync(
                $"SELECT {_schema}.name_assets(@tenant, ARRAY[@hash], 0)", static _ => 0, Name(asset.Tenant, asset.Hash), cancellationToken)
                .ConfigureAwait(false);
        }

        return confirmed.Count > 0;
    }

    public async ValueTask<IReadOnlyList<AssetEntry>> TakeUnnamedAsync(
        TenantId tenant, IReadOnlyCollection<ContentHash> hashes, DateTimeOffset now, CancellationToken cancellationToken) =>
            await database.BatchAsync(
        async batch =>
        {
            NpgsqlParameter[] Named() => [Of("tenant", tenant.Value), Of("hashes", hashes)];
            // Whoever names an asset holds one of these locks: what follows sees what they named.
            Add(batch, $"SELECT 1 FROM {_schema}.asset_totals t WHERE t.tenant = @tenant FOR UPDATE", [Of("tenant", tenant.Value)]);
            Add(batch, $"SELECT 1 FROM {_schema}.assets a WHERE a.tenant = @tenant AND a.hash = ANY(@hashes) ORDER BY a.hash FOR UPDATE",
                Named());
            Add(
                batch,
                $"""
                UPDATE {_schema}.assets u SET present = false, taken_at = COALESCE(u.taken_at, @now)
                WHERE u.tenant = @tenant AND u.hash = ANY(@hashes) AND (u.taken_at IS NOT NULL OR (
                    NOT EXISTS (
                        SELECT 1 FROM {_schema}.session_assets n JOIN {_schema}.sessions s ON s.id = n.session_id
                        WHERE n.tenant = u.tenant AND n.hash = u.hash AND s.deleting_at IS NULL)
                    AND NOT EXISTS (
                        SELECT 1 FROM {_schema}.asset_names n JOIN {_schema}.assets a ON a.tenant = n.tenant AND a.hash = n.hash
                        WHERE n.tenant = u.tenant AND n.named = u.hash AND a.taken_at IS NULL)))
                RETURNING u.hash, u.key, u.bytes, u.senders, {NamesOf("u")}
                """,
                [.. Named(), Of("now", now.ToUnixTimeMilliseconds())]);
            using var reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
            await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
            var taken = new List<AssetEntry>();
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                taken.Add(ReadAssetWithNames(tenant, reader));
            }

            return taken;
        },
        cancellationToken).ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<AssetEntry>> TakeUnusedAsync(
        TenantId tenant, DateTimeOffset usedBefore, DateTimeOffset takenBefore, DateTimeOffset now, int limit,
        CancellationToken cancellationToken) =>
        await database.QueryAsync(
            $"""
            UPDATE {_schema}.assets u SET present = false, taken_at = @now WHERE u.tenant = @tenant AND u.hash IN (
                SELECT a.hash FROM {_schema}.assets a WHERE a.tenant = @tenant AND (a.taken_at < @taken OR (a.taken_at IS NULL AND a.used_at < @used
                    AND NOT EXISTS (SELECT 1 FROM {_schema}.session_assets s WHERE s.tenant = a.tenant AND s.hash = a.hash)
                    AND NOT EXISTS (SELECT 1 FROM {_schema}.asset_names n WHERE n.tenant = a.tenant AND n.named = a.hash)))
                ORDER BY a.used_at LIMIT @limit FOR UPDATE SKIP LOCKED)
            RETURNING u.hash, u.key, u.bytes, u.senders
            """,
            row => ReadAsset(tenant, row),
            [
                Of("tenant", tenant.Value), Of("used", usedBefore.ToUnixTimeMilliseconds()),
                Of("taken", takenBefore.ToUnixTimeMilliseconds()),
                Of("now", now.ToUnixTimeMilliseconds()), Of("limit", limit),
            ],
            cancellationToken).ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<AssetEntry>> TakeAsync(
        TenantId tenant, IReadOnlyCollection<Guid> keys, DateTimeOffset now, CancellationToken cancellationToken) =>
            await database.QueryAsync(
        $"""
        UPDATE {_schema}.assets u SET present = false, taken_at = COALESCE(u.taken_at, @now) WHERE u.tenant = @tenant AND u.hash IN (
            SELECT a.hash FROM {_schema}.assets a WHERE a.tenant = @tenant AND a.key = ANY(@keys) ORDER BY a.hash FOR UPDATE)
        RETURNING u.hash, u.key, u.bytes, u.senders
        """,
        row => ReadAsset(tenant, row),
        [Of("tenant", tenant.Value), Of("keys", keys.ToList()), Of("now", now.ToUnixTimeMilliseconds())],
        cancellationToken).ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<Guid>> FindKnownAsync(
        TenantId tenant, IReadOnlyCollection<Guid> keys, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            $"SELECT a.key FROM {_schema}.assets a WHERE a.tenant = @tenant AND a.key = ANY(@keys)",
            static row => row.GetGuid(0),
            [Of("tenant", tenant.Value), Of("keys", keys.ToList())],
            cancellationToken).ConfigureAwait(false);

    public async ValueTask ForgetAsync(TenantId tenant, IReadOnlyCollection<ContentHash> hashes, CancellationToken cancellationToken) =>
        await database.BatchAsync(
            async batch =>
            {
                NpgsqlParameter[] Named() => [Of("tenant", tenant.Value), Of("hashes", hashes)];
                // In the order of whoever reserves: first the tenant's total, then its assets.
                Add(batch, $"SELECT 1 FROM {_schema}.asset_totals t WHERE t.tenant = @tenant FOR UPDATE", [Of("tenant", tenant.Value)]);
                Add(
                    batch,
                    $"""
                    DELETE FROM {_schema}.asset_names n USING {_schema}.assets a
                    WHERE a.tenant = @tenant AND a.hash = ANY(@hashes) AND a.taken_at IS NOT NULL AND n.tenant = a.tenant AND n.hash = a.hash
                    """,
                    Named());
                Add(
                    batch,
                    $"""
                    WITH gone AS (
                        DELETE FROM {_schema}.assets a WHERE a.tenant = @tenant AND a.hash = ANY(@hashes) AND a.taken_at IS NOT NULL RETURNING a.bytes)
                    UPDATE {_schema}.asset_totals t SET bytes = t.bytes - (SELECT COALESCE(SUM(GREATEST(g.bytes, 4096)), 0) FROM gone g)
                    WHERE t.tenant = @tenant
                    """,
                    Named());
                return await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<AssetEntry>> ListAsync(
        TenantId tenant, ContentHash? after, int limit, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            $"""
            SELECT a.hash, a.key, a.bytes, a.senders, {NamesOf("a")}
            FROM {_schema}.assets a WHERE a.tenant = @tenant AND a.present AND a.hash > @after ORDER BY a.hash LIMIT @limit
            """,
            row => ReadAssetWithNames(tenant, row),
            [Of("tenant", tenant.Value), Of("after", after?.ToBytes() ?? ReadOnlyMemory<byte>.Empty), Of("limit", limit)],
            cancellationToken).ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<ContentHash>> ListNamedAsync(SessionRef session, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            $"SELECT a.hash FROM {_schema}.session_assets a JOIN {_schema}.sessions s ON s.id = a.session_id {ByName} ORDER BY a.hash",
            ReadHash,
            Name(session),
            cancellationToken).ConfigureAwait(false);

    public async ValueTask<IReadOnlyDictionary<ContentHash, Guid>> FindKeysAsync(
        SessionRef session, IReadOnlyCollection<ContentHash> hashes, CancellationToken cancellationToken) =>
        (await database.QueryAsync(
            $"""
            SELECT a.hash, a.key FROM {_schema}.sessions s
            JOIN {_schema}.assets a ON a.tenant = s.tenant AND a.hash = ANY(@hashes) AND a.present
            {ByName} AND s.deleting_at IS NULL AND (
                EXISTS (SELECT 1 FROM {_schema}.session_assets d WHERE d.session_id = s.id AND d.hash = a.hash)
                OR EXISTS (
                    SELECT 1 FROM {_schema}.session_assets d
                    JOIN {_schema}.asset_names n ON n.tenant = d.tenant AND n.hash = d.hash AND n.named = a.hash WHERE d.session_id = s.id))
            """,
            static row => KeyValuePair.Create(ReadHash(row), row.GetGuid(1)),
            [.. Name(session), Of("hashes", hashes)],
            cancellationToken).ConfigureAwait(false)).ToDictionary();

    private string NamesOf(string asset) =>
        $"ARRAY(SELECT n.named FROM {_schema}.asset_names n WHERE n.tenant = {asset}.tenant AND n.hash = {asset}.hash ORDER BY n.named)";

    private static AssetEntry ReadAsset(TenantId tenant, NpgsqlDataReader row) => new()
    {
        Tenant = tenant, Hash = ReadHash(row), Key = row.GetGuid(1), Bytes = row.GetInt64(2), Senders = row.GetInt64(3),
    };

    private static AssetEntry ReadAssetWithNames(TenantId tenant, NpgsqlDataReader row) => ReadAsset(tenant, row) with
    {
        Names = [.. row.GetFieldValue<byte[][]>(4).Select(static name => ContentHash.FromBytes(name))],
    };

    private static ContentHash ReadHash(NpgsqlDataReader row) => ContentHash.FromBytes(row.Bytes(0));

    private static NpgsqlParameter[] Name(TenantId tenant, ContentHash hash) => [Of("tenant", tenant.Value), Of("hash", hash.ToBytes())];
}
