namespace SessionReplay.Storage.PostgreSql.Catalog;

/// <summary>Options of the catalog and audit log on PostgreSQL; section <c>SessionReplay:Catalog:PostgreSql</c>.</summary>
/// <remarks>The default value of <see cref="PostgreSqlOptions.Schema"/> is <c>session_replay</c>.</remarks>
public sealed class PostgreSqlCatalogOptions() : PostgreSqlOptions("session_replay");
