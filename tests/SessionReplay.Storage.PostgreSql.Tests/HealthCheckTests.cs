using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using SessionReplay.Testing;

namespace SessionReplay.Storage.PostgreSql.Tests;

[Collection(PostgreSqlCollection.Name)]
public sealed class HealthCheckTests(PostgreSqlFixture fixture)
{
    [SkippableTheory]
    [InlineData(true, HealthStatus.Healthy)]
    [InlineData(false, HealthStatus.Unhealthy)]
    public async Task HealthCheck_TellsWhetherTheDatabaseAnswers(bool isThere, HealthStatus expected)
    {
        var connection = isThere ? fixture.Server.ConnectionString : $"Host=127.0.0.1;Port={FreePort.Next()};Username=nobody;Timeout=2";
        var builder = new TestBuilder();
        builder.AddPostgreSqlCatalog(o => (o.ConnectionString, o.Schema) = (connection, PostgreSqlFixture.NewSchema()));
        builder.AddPostgreSqlKeyStore(o => (o.ConnectionString, o.Schema) = (connection, PostgreSqlFixture.NewSchema()));
        await using var provider = builder.Services.BuildServiceProvider();

        var report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        Assert.Equal(expected, report.Entries["session-replay-catalog-postgresql"].Status);
        Assert.Equal(expected, report.Entries["session-replay-keys-postgresql"].Status);
    }
}
