using Microsoft.Data.Sqlite;
using SessionReplay.Catalog;
using SessionReplay.Format;
using SessionReplay.Storage.Sqlite;

namespace SessionReplay.Storage.Catalog;

/// <summary>Writes rows of assets, within a transaction.</summary>
internal static class AssetRows
{
    /// <summary>By how much the noted time of use may lag, so that an asset that all pages use is not written for each.</summary>
    private const long Lag = 3_600_000;

    public static void Use(SqliteConnection connection, TenantId tenant, ContentHash hash, long now) => connection.Execute(
        "UPDATE assets SET used_at = $now WHERE tenant = $tenant AND hash = $hash AND taken_at IS NULL AND used_at < $now - $lag",
        ("$tenant", tenant.Value), ("$hash", hash.ToBytes()), ("$now", now), ("$lag", Lag));

    public static AssetRoom Reserve(SqliteConnection connection, AssetEntry asset, long maxBytes, long now)
    {
        (string, object?)[] name = [("$tenant", asset.Tenant.Value), ("$hash", asset.Hash.ToBytes())];
        switch (connection.Scalar<long?>("SELECT COALESCE(taken_at, -1) FROM assets WHERE tenant = $tenant AND hash = $hash", name))
        {
            case >= 0:
                return new(AssetReservation.Removing, asset.Key);
            case null when !TryMakeRoom(connection, asset, maxBytes):
                return new(AssetReservation.Full, asset.Key);
        }

        connection.Execute(
            "INSERT INTO assets (tenant, hash, key, bytes, present, used_at) VALUES ($tenant, $hash, $key, $bytes, 0, $now) ON CONFLICT DO NOTHING",
            [.. name, ("$key", asset.Key.ToBytes()), ("$bytes", asset.Bytes), ("$now", now)]);
        foreach (var named in asset.Names.Append(asset.Hash))
        {
            Use(connection, asset.Tenant, named, now);
        }

        foreach (var named in asset.Names)
        {
            connection.Execute(
                """
                INSERT INTO asset_names (tenant, hash, named)
                SELECT $tenant, $hash, a.hash FROM assets a WHERE a.tenant = $tenant AND a.hash = $named
                ON CONFLICT DO NOTHING
                """,
                [.. name, ("$named", named.ToBytes())]);
        }

        return new(
            AssetReservation.Reserved,
            connection.Query("SELECT key FROM assets WHERE tenant = $tenant AND hash = $hash", static row => row.Guid(0), name)[0]);
    }

    public static bool Confirm(SqliteConnection connection, AssetEntry asset, SessionId? session)
    {
        (string, object?)[] name = [("$tenant", asset.Tenant.Value), ("$hash", asset.Hash.ToBytes())];
        if (connection.Execute(
            "UPDATE assets SET present = 1 WHERE tenant = $tenant AND hash = $hash AND key = $key AND taken_at IS NULL",
            [.. name, ("$key", asset.Key.ToBytes())]) == 0)
        {
            return false;
        }

        connection.Execute(
            """
            INSERT INTO session_assets (session_id, tenant, hash)
            SELECT s.id, s.tenant, $hash FROM sessions s WHERE s.tenant = $tenant AND s.session = $session AND s.last_received_at > 0 ON CONFLICT DO NOTHING
            """,
            [.. name, ("$session", session?.Value.ToBytes())]);
        return true;
    }

    /// <summary>Takes an asset that nothing names, or gives one that was taken before.</summary>
    public static AssetEntry? TakeUnnamed(SqliteConnection connection, TenantId tenant, ContentHash hash, long now) => connection.Query(
        """
        UPDATE assets SET present = 0, taken_at = COALESCE(taken_at, $now)
        WHERE tenant = $tenant AND hash = $hash AND (taken_at IS NOT NULL OR (
            NOT EXISTS (
                SELECT 1 FROM session_assets n JOIN sessions s ON s.id = n.session_id
                WHERE n.tenant = $tenant AND n.hash = $hash AND s.last_received_at > 0)
            AND NOT EXISTS (
                SELECT 1 FROM asset_names n JOIN assets a ON a.tenant = n.tenant AND a.hash = n.hash
                WHERE n.tenant = $tenant AND n.named = $hash AND a.taken_at IS NULL)))
        RETURNING hash, key, bytes
        """,
        row => Read(tenant, row),
        ("$tenant", tenant.Value), ("$hash", hash.ToBytes()), ("$now", now)).FirstOrDefault() is { } taken
        ? taken with { Names = Names(connection, tenant, hash) }
        : null;

    /// <summary>Reads an asset of (hash, key, bytes).</summary>
    public static AssetEntry Read(TenantId tenant, SqliteDataReader row) => new()
    {
        Tenant = tenant, Hash = ContentHash.FromBytes(row.Bytes(0)), Key = row.Guid(1), Bytes = row.GetInt64(2),
    };

    public static void Forget(SqliteConnection connection, TenantId tenant, ContentHash hash)
    {
        (string, object?)[] name = [("$tenant", tenant.Value), ("$hash", hash.ToBytes())];
        var bytes = connection.Query(
            "DELETE FROM assets WHERE tenant = $tenant AND hash = $hash AND taken_at IS NOT NULL RETURNING bytes", static row => row.GetInt64(0), name);
        foreach (var freed in bytes)
        {
            connection.Execute("DELETE FROM asset_names WHERE tenant = $tenant AND hash = $hash", name);
            var charge = AssetEntry.ChargeOf(freed);
            connection.Execute(
                "UPDATE asset_totals SET bytes = bytes - $bytes WHERE tenant = $tenant", ("$tenant", tenant.Value), ("$bytes", charge));
        }
    }

    public static List<ContentHash> Names(SqliteConnection connection, TenantId tenant, ContentHash hash) => connection.Query(
        "SELECT named FROM asset_names WHERE tenant = $tenant AND hash = $hash ORDER BY named",
        static row => ContentHash.FromBytes(row.Bytes(0)),
        ("$tenant", tenant.Value), ("$hash", hash.ToBytes()));

    /// <summary>Notes what a session names, of what there is: names that somebody made up cost no row.</summary>
    public static void AddNamed(SqliteConnection connection, long session, TenantId tenant, IReadOnlyList<ContentHash> hashes, long now)
    {
        foreach (var hash in hashes)
        {
            Use(connection, tenant, hash, now);
            connection.Execute(
                """
                INSERT INTO session_assets (session_id, tenant, hash)
                SELECT $id, a.tenant, a.hash FROM assets a WHERE a.tenant = $tenant AND a.hash = $hash
                ON CONFLICT DO NOTHING
                """,
                ("$id", session), ("$tenant", tenant.Value), ("$hash", hash.ToBytes()));
        }
    }

    private static bool TryMakeRoom(SqliteConnection connection, AssetEntry asset, long maxBytes)
    {
        connection.Execute(
            "INSERT INTO asset_totals (tenant, bytes) VALUES ($tenant, 0) ON CONFLICT DO NOTHING", ("$tenant", asset.Tenant.Value));
        return connection.Execute(
            "UPDATE asset_totals SET bytes = bytes + $bytes WHERE tenant = $tenant AND bytes + $bytes <= $max",
            ("$tenant", asset.Tenant.Value), ("$bytes", asset.Charge), ("$max", maxBytes)) == 1;
    }
}
