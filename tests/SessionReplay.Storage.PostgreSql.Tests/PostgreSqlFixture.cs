using Microsoft.Extensions.Logging.Abstractions;
using SessionReplay.Catalog;
using SessionReplay.Keys;
using SessionReplay.Storage.PostgreSql.Catalog;
using SessionReplay.Storage.PostgreSql.Database;
using SessionReplay.Storage.PostgreSql.Keys;
using SessionReplay.Testing.Peers;

namespace SessionReplay.Storage.PostgreSql.Tests;

/// <summary>One server for all tests; each test has schemas of its own.</summary>
public sealed class PostgreSqlFixture : IAsyncLifetime
{
    private PostgreSqlServer? _server;

    public PostgreSqlServer Server
    {
        get
        {
            PostgreSqlServer.Require();
            return _server!;
        }
    }

    public static string NewSchema() => $"s{Guid.CreateVersion7():N}"[..30];

    public async Task InitializeAsync()
    {
        try
        {
            PostgreSqlServer.Require();
        }
        catch (SkipException)
        {
            return; // Each test says so.
        }

        _server = await PostgreSqlServer.StartAsync();
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    internal static PostgreSqlDatabase Open(PostgreSqlServer server, string schema) => new(
        new PostgreSqlCatalogOptions { ConnectionString = server.ConnectionString, Schema = schema },
        null, CatalogSchema.Migrations, static (message, e) => new CatalogUnavailableException($"The catalog {message}", e),
        NullLogger.Instance);

    internal PostgreSqlCatalog OpenCatalog(string schema) => new(Open(Server, schema), 1L << 40);

    internal PostgreSqlKeyStore OpenKeyStore(string schema) => new(
        new PostgreSqlDatabase(
            new PostgreSqlKeyStoreOptions { ConnectionString = Server.ConnectionString, Schema = schema },
            null, PostgreSqlKeyStore.Migrations, static (message, e) => new KeyStoreUnavailableException($"The key store {message}", e),
            NullLogger.Instance),
        TimeProvider.System);
}
