namespace SessionReplay.Storage.PostgreSql.Keys;

/// <summary>
/// Options of the key store on PostgreSQL; section <c>SessionReplay:KeyStore:PostgreSql</c>. Choose another database than the catalog's
/// where you can, so that no single backup holds both.
/// </summary>
/// <remarks>The default value of <see cref="PostgreSqlOptions.Schema"/> is <c>session_replay_keys</c>.</remarks>
public sealed class PostgreSqlKeyStoreOptions() : PostgreSqlOptions("session_replay_keys");
