using Microsoft.Extensions.Diagnostics.HealthChecks;
using SessionReplay.Catalog;
using SessionReplay.Keys;
using SessionReplay.Storage;

namespace SessionReplay.Shared.Tests.Stores;

public sealed class HealthCheckTests
{
    [Fact]
    public async Task CheckHealth_StoreAnswers_IsHealthy() =>
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(new BlobStoreHealthCheck<FakeBlobStore>(new FakeBlobStore(null)))).Status);

    [Fact]
    public async Task CheckHealth_StoreUnavailable_HasTheStatusOfTheRegistration()
    {
        var result =
            await CheckAsync(new BlobStoreHealthCheck<FakeBlobStore>(new FakeBlobStore(new BlobStoreUnavailableException("away"))));

        Assert.Equal((HealthStatus.Degraded, "away"), (result.Status, result.Description));
    }

    public static TheoryData<Exception> Outages => [new CatalogUnavailableException("away"), new KeyStoreUnavailableException("away")];

    [Theory]
    [MemberData(nameof(Outages))]
    public async Task CheckHealth_DatabaseUnavailable_HasTheStatusOfTheRegistration(Exception outage)
    {
        var result = await CheckAsync(new DatabaseHealthCheck(_ => ValueTask.FromException(outage)));

        Assert.Equal((HealthStatus.Degraded, "away"), (result.Status, result.Description));
    }

    [Fact]
    public async Task CheckHealth_DatabaseAnswers_IsHealthy() =>
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(new DatabaseHealthCheck(_ => ValueTask.CompletedTask))).Status);

    private static Task<HealthCheckResult> CheckAsync(IHealthCheck check) => check.CheckHealthAsync(
        new HealthCheckContext { Registration = new HealthCheckRegistration("check", check, HealthStatus.Degraded, []) });
}
