using Npgsql;
using SessionReplay.Catalog;
using SessionReplay.Format;
using static SessionReplay.Storage.PostgreSql.Database.Parameters;

namespace SessionReplay.Storage.PostgreSql.Catalog;

/// <content>Which assets there are, and what names them.</content>
internal sealed partial class PostgreSqlCatalog
{
    public async ValueTask<IReadOnlyList<ContentHash>> TouchAsync(
        TenantId tenant, IReadOnlyCollection<ContentHash> hashes, DateTimeOffset now, CancellationToken cancellationToken) => await database.BatchAsync(
        async batch =>
        {
            NpgsqlParameter[] Named() => [Of("tenant", tenant.Value), Of("hashes", hashes)];
            Add(batch, $"SELECT {_schema}.use_assets(@tenant, @hashes, @now)", [.. Named(), Of("now", now.ToUnixTimeMilliseconds())]);
            Add(batch, $"SELECT a.hash FROM {_schema}.assets a WHERE a.tenant = @tenant AND a.hash = ANY(@hashes) AND a.present", Named());
            using var reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
            var found = new List<ContentHash>();
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                found.Add(ReadHash(reader));
            }

            return found;
        },
        cancellationToken).ConfigureAwait(false);

    public async ValueTask<AssetReservation> ReserveAsync(AssetEntry asset, long maxBytes, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(asset);
        var found = await database.QueryAsync(
            $"SELECT {_schema}.reserve_asset(@tenant, @hash, @bytes, @charge, @names, @max, @now)",
            static row => (AssetReservation)row.GetInt32(0),
            [
                .. Name(asset.Tenant, asset.Hash), Of("bytes", asset.Bytes), Of("charge", asset.Charge), Of("names", asset.Names), Of("max", maxBytes),
                Of("now", now.ToUnixTimeMilliseconds()),
            ],
            cancellationToken).ConfigureAwait(false);
        return found[0];
    }

    public async ValueTask ConfirmAsync(TenantId tenant, ContentHash hash, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(
            $"UPDATE {_schema}.assets a SET present = true WHERE a.tenant = @tenant AND a.hash = @hash AND a.taken_at IS NULL",
            Name(tenant, hash),
            cancellationToken).ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<ContentHash>> TakeUnusedAsync(
        TenantId tenant, DateTimeOffset usedBefore, DateTimeOffset takenBefore, DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            $"""
            UPDATE {_schema}.assets u SET present = false, taken_at = @now WHERE u.tenant = @tenant AND u.hash IN (
                SELECT a.hash FROM {_schema}.assets a WHERE a.tenant = @tenant AND a.used_at < @used AND (a.taken_at < @taken OR (a.taken_at IS NULL
                    AND NOT EXISTS (SELECT 1 FROM {_schema}.session_assets s WHERE s.tenant = a.tenant AND s.hash = a.hash)
                    AND NOT EXISTS (SELECT 1 FROM {_schema}.asset_names n WHERE n.tenant = a.tenant AND n.named = a.hash)))
                ORDER BY a.used_at LIMIT @limit FOR UPDATE SKIP LOCKED)
            RETURNING u.hash
            """,
            ReadHash,
            [
                Of("tenant", tenant.Value), Of("used", usedBefore.ToUnixTimeMilliseconds()), Of("taken", takenBefore.ToUnixTimeMilliseconds()),
                Of("now", now.ToUnixTimeMilliseconds()), Of("limit", limit),
            ],
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

    public async ValueTask<IReadOnlyList<AssetEntry>> ListAsync(TenantId tenant, ContentHash? after, int limit, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            $"""
            SELECT a.hash, a.bytes, ARRAY(SELECT n.named FROM {_schema}.asset_names n WHERE n.tenant = a.tenant AND n.hash = a.hash ORDER BY n.named)
            FROM {_schema}.assets a WHERE a.tenant = @tenant AND a.present AND a.hash > @after ORDER BY a.hash LIMIT @limit
            """,
            row => new AssetEntry
            {
                Tenant = tenant, Hash = ReadHash(row), Bytes = row.GetInt64(1),
                Names = [.. row.GetFieldValue<byte[][]>(2).Select(static name => ContentHash.FromBytes(name))],
            },
            [Of("tenant", tenant.Value), Of("after", after?.ToBytes() ?? ReadOnlyMemory<byte>.Empty), Of("limit", limit)],
            cancellationToken).ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<ContentHash>> ListNamedAsync(SessionRef session, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            $"SELECT a.hash FROM {_schema}.session_assets a JOIN {_schema}.sessions s ON s.id = a.session_id {ByName} ORDER BY a.hash",
            ReadHash,
            Name(session),
            cancellationToken).ConfigureAwait(false);

    private static ContentHash ReadHash(NpgsqlDataReader row) => ContentHash.FromBytes(row.Bytes(0));

    private static NpgsqlParameter[] Name(TenantId tenant, ContentHash hash) => [Of("tenant", tenant.Value), Of("hash", hash.ToBytes())];
}
