using Microsoft.Data.Sqlite;
using SessionReplay.Catalog;
using SessionReplay.Sqlite;
using SessionReplay.Storage.Sqlite;

namespace SessionReplay.Storage.Catalog;

/// <summary>Writes rows of assets, within a transaction.</summary>
internal static class AssetRows
{
    /// <summary>By how much the noted time of use may lag, so that an asset that all pages use is not written for each.</summary>
    private const long Lag = 3_600_000;

    /// <summary>The rows of a parameter that holds many hashes.</summary>
    public const string Each = "(SELECT unhex(value) FROM json_each($hashes))";

    /// <summary>The rows of a parameter that holds many keys.</summary>
    public const string EachKey = "(SELECT unhex(value) FROM json_each($keys))";

    /// <summary>Assets whose time of use is to be written. That of one that nothing has named stays that of its first upload.</summary>
    public const string IsDue = "named AND taken_at IS NULL AND used_at < $now - $lag";

    public static (string Name, object? Value)[] Of(TenantId tenant, IEnumerable<ContentHash> hashes) =>
        [("$tenant", tenant.Value), ("$hashes", $"[{string.Join(',', hashes.Select(static hash => $"\"{hash.Hex}\""))}]")];

    public static (string Name, object? Value)[] Of(TenantId tenant, IEnumerable<Guid> keys) =>
        [("$tenant", tenant.Value), ("$keys", $"[{string.Join(',', keys.Select(static key => $"\"{key:N}\""))}]")];

    /// <summary>The parameters of <see cref="Each"/> and <see cref="IsDue"/>.</summary>
    public static (string Name, object? Value)[] Of(TenantId tenant, IEnumerable<ContentHash> hashes, long now) =>
        [.. Of(tenant, hashes), ("$now", now), ("$lag", Lag)];

    public static void Use(SqliteStatements sql, TenantId tenant, IEnumerable<ContentHash> hashes, long now) => sql.Execute(
        $"UPDATE assets SET used_at = $now WHERE tenant = $tenant AND hash IN {Each} AND {IsDue}", Of(tenant, hashes, now));

    /// <summary>Notes that a session names assets, and thereby what they name.</summary>
    public static void MarkNamed(SqliteStatements sql, TenantId tenant, IEnumerable<ContentHash> hashes, long now) => sql.Execute(
        $"""
        WITH RECURSIVE reached(hash) AS (
            SELECT a.hash FROM assets a WHERE a.tenant = $tenant AND a.hash IN {Each} AND NOT a.named
            UNION SELECT n.named FROM reached r JOIN asset_names n ON n.tenant = $tenant AND n.hash = r.hash)
        UPDATE assets SET named = 1, used_at = MAX(used_at, $now) WHERE tenant = $tenant AND NOT named AND hash IN (SELECT hash FROM reached)
        """,
        [.. Of(tenant, hashes), ("$now", now)]);

    public static AssetRoom Reserve(SqliteStatements sql, AssetEntry asset, long maxBytes, long now)
    {
        (string, object?)[] name = [("$tenant", asset.Tenant.Value), ("$hash", asset.Hash.ToBytes())];
        switch (sql.Scalar<long?>("SELECT COALESCE(taken_at, -1) FROM assets WHERE tenant = $tenant AND hash = $hash", name))
        {
            case >= 0:
                return new(AssetReservation.Removing, asset.Key);
            case null when !TryMakeRoom(sql, asset, maxBytes):
                return new(AssetReservation.Full, asset.Key);
        }

        sql.Execute(
            "INSERT INTO assets (tenant, hash, key, bytes, present, used_at) VALUES ($tenant, $hash, $key, $bytes, 0, $now) ON CONFLICT DO NOTHING",
            [.. name, ("$key", asset.Key.ToBytes()), ("$bytes", asset.Bytes), ("$now", now)]);
        Use(sql, asset.Tenant, asset.Names.Append(asset.Hash), now);
        sql.Execute(
            $"""
            INSERT INTO asset_names (tenant, hash, named)
            SELECT $tenant, $hash, a.hash FROM assets a WHERE a.tenant = $tenant AND a.hash IN {Each} ON CONFLICT DO NOTHING
            """,
            [.. Of(asset.Tenant, asset.Names), ("$hash", asset.Hash.ToBytes())]);
        if (asset.Names.Count > 0 && sql.Scalar<long>("SELECT named FROM assets WHERE tenant = $tenant AND hash = $hash", name) == 1)
        {
            MarkNamed(sql, asset.Tenant, asset.Names, now);
        }

        return new(
            AssetReservation.Reserved,
            sql.Query("SELECT key FROM assets WHERE tenant = $tenant AND hash = $hash", static row => row.Guid(0), name)[0]);
    }

    public static bool Confirm(SqliteStatements sql, AssetEntry asset, SessionId? session)
    {
        (string, object?)[] name = [("$tenant", asset.Tenant.Value), ("$hash", asset.Hash.ToBytes())];
        if (sql.Execute(
            "UPDATE assets SET present = 1, senders = senders | $senders WHERE tenant = $tenant AND hash = $hash AND key = $key AND taken_at IS NULL",
            [.. name, ("$key", asset.Key.ToBytes()), ("$senders", asset.Senders)]) == 0)
        {
            return false;
        }

        if (sql.Execute(
            """
            INSERT INTO session_assets (session_id, tenant, hash)
            SELECT s.id, s.tenant, $hash FROM sessions s WHERE s.tenant = $tenant AND s.session = $session AND s.deleting_at IS NULL ON CONFLICT DO NOTHING
            """,
            [.. name, ("$session", session?.Value.ToBytes())]) == 1)
        {
            MarkNamed(sql, asset.Tenant, [asset.Hash], 0);
        }

        return true;
    }

    /// <summary>Takes an asset that nothing names, or gives one that was taken before.</summary>
    public static AssetEntry? TakeUnnamed(SqliteStatements sql, TenantId tenant, ContentHash hash, long now) => sql.Query(
        """
        UPDATE assets SET present = 0, taken_at = COALESCE(taken_at, $now)
        WHERE tenant = $tenant AND hash = $hash AND (taken_at IS NOT NULL OR (
            NOT EXISTS (
                SELECT 1 FROM session_assets n JOIN sessions s ON s.id = n.session_id
                WHERE n.tenant = $tenant AND n.hash = $hash AND s.deleting_at IS NULL)
            AND NOT EXISTS (
                SELECT 1 FROM asset_names n JOIN assets a ON a.tenant = n.tenant AND a.hash = n.hash
                WHERE n.tenant = $tenant AND n.named = $hash AND a.taken_at IS NULL)))
        RETURNING hash, key, bytes, senders
        """,
        row => Read(tenant, row),
        ("$tenant", tenant.Value), ("$hash", hash.ToBytes()), ("$now", now)).FirstOrDefault() is { } taken
        ? taken with { Names = Names(sql, tenant, hash) }
        : null;

    /// <summary>Reads an asset of (hash, key, bytes, senders).</summary>
    public static AssetEntry Read(TenantId tenant, SqliteDataReader row) => new()
    {
        Tenant = tenant, Hash = ContentHash.FromBytes(row.Bytes(0)), Key = row.Guid(1), Bytes = row.GetInt64(2), Senders = row.GetInt64(3),
    };

    public static void Forget(SqliteStatements sql, TenantId tenant, ContentHash hash)
    {
        (string, object?)[] name = [("$tenant", tenant.Value), ("$hash", hash.ToBytes())];
        var bytes = sql.Query(
            "DELETE FROM assets WHERE tenant = $tenant AND hash = $hash AND taken_at IS NOT NULL RETURNING bytes",
            static row => row.GetInt64(0), name);
        foreach (var freed in bytes)
        {
            sql.Execute("DELETE FROM asset_names WHERE tenant = $tenant AND hash = $hash", name);
            var charge = AssetEntry.ChargeOf(freed);
            sql.Execute(
                "UPDATE asset_totals SET bytes = bytes - $bytes WHERE tenant = $tenant", ("$tenant", tenant.Value), ("$bytes", charge));
        }
    }

    public static List<ContentHash> Names(SqliteStatements sql, TenantId tenant, ContentHash hash) => sql.Query(
        "SELECT named FROM asset_names WHERE tenant = $tenant AND hash = $hash ORDER BY named",
        static row => ContentHash.FromBytes(row.Bytes(0)),
        ("$tenant", tenant.Value), ("$hash", hash.ToBytes()));

    /// <summary>Notes what a session names, of what there is: names that somebody made up cost no row.</summary>
    public static void AddNamed(SqliteStatements sql, long session, TenantId tenant, IReadOnlyList<ContentHash> hashes, long now)
    {
        if (hashes.Count == 0)
        {
            return;
        }

        sql.Execute(
            $"""
            INSERT INTO session_assets (session_id, tenant, hash)
            SELECT $id, a.tenant, a.hash FROM assets a WHERE a.tenant = $tenant AND a.hash IN {Each} ON CONFLICT DO NOTHING
            """,
            [.. Of(tenant, hashes), ("$id", session)]);
        MarkNamed(sql, tenant, hashes, now);
        Use(sql, tenant, hashes, now);
    }

    private static bool TryMakeRoom(SqliteStatements sql, AssetEntry asset, long maxBytes)
    {
        sql.Execute(
            "INSERT INTO asset_totals (tenant, bytes) VALUES ($tenant, 0) ON CONFLICT DO NOTHING", ("$tenant", asset.Tenant.Value));
        var unnamed = sql.Scalar<long>(
            "SELECT COALESCE(SUM(MAX(bytes, 4096)), 0) FROM assets WHERE tenant = $tenant AND NOT named", ("$tenant", asset.Tenant.Value));
        return unnamed + asset.Charge <= AssetEntry.UnnamedShare(maxBytes) && sql.Execute(
            "UPDATE asset_totals SET bytes = bytes + $bytes WHERE tenant = $tenant AND bytes + $bytes <= $max",
            ("$tenant", asset.Tenant.Value), ("$bytes", asset.Charge), ("$max", maxBytes)) == 1;
    }
}
