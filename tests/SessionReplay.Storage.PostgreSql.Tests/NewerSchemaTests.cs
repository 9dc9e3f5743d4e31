using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using SessionReplay.Testing;

namespace SessionReplay.Storage.PostgreSql.Tests;

/// <summary>An older version is started on the database of a newer one.</summary>
[Collection(PostgreSqlCollection.Name)]
public sealed class NewerSchemaTests(PostgreSqlFixture fixture)
{
    private readonly string _catalog = PostgreSqlFixture.NewSchema();
    private readonly string _keys = PostgreSqlFixture.NewSchema();

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Start_SchemaOfANewerVersion_FailsAndNamesIt(bool isCatalog)
    {
        var newer = isCatalog ? _catalog : _keys;
        await using var source = NpgsqlDataSource.Create(fixture.Server.ConnectionString);
        await using (var command = source.CreateCommand(
            $"CREATE SCHEMA {newer}; CREATE TABLE {newer}.schema_version (version integer); INSERT INTO {newer}.schema_version VALUES (99)"))
        {
            await command.ExecuteNonQueryAsync();
        }

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(fixture.Server.ConnectionString));

        Assert.StartsWith(
            $"SessionReplay cannot start: The schema {newer} in PostgreSQL was written by a newer version (schema 99, this one knows ",
            error.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public Task Start_NoSchemaYet_Starts() => StartAsync(fixture.Server.ConnectionString);

    [SkippableFact]
    public Task Start_DatabaseOutOfReach_Starts() => StartAsync($"Host=127.0.0.1;Port={FreePort.Next()};Username=nobody;Timeout=2");

    private async Task StartAsync(string connection)
    {
        var builder = new TestBuilder();
        builder.AddPostgreSqlCatalog(options => (options.ConnectionString, options.Schema) = (connection, _catalog));
        builder.AddPostgreSqlKeyStore(options => (options.ConnectionString, options.Schema) = (connection, _keys));
        await using var provider = builder.Services.BuildServiceProvider();
        foreach (var service in provider.GetServices<IHostedService>().OfType<IHostedLifecycleService>())
        {
            await service.StartingAsync(default);
        }
    }
}
