using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using SessionReplay.Catalog;
using SessionReplay.Storage.Replication;
using SessionReplay.Testing;
using SessionReplay.Testing.Peers;

namespace SessionReplay.Storage.Tests.Replication;

/// <summary>The whole application on a replicated store of s3rver (primary) and Azurite, chosen by configuration alone.</summary>
internal sealed class ReplicatedHost : IAsyncDisposable
{
    public const string Key = "wk_test_12345678";
    private const string Container = "recordings";

    private readonly TempFolder _folder = new();
    private WebApplication? _app;

    public S3rver Primary { get; } = new();

    public Azurite Secondary { get; } = new();

    public IServiceProvider Services => _app!.Services;

    public string Url => _app!.Urls.First() + "/session-replay";

    public ReplicaSet Set => Services.GetRequiredService<ReplicaSet>();

    public async Task StartAsync()
    {
        await Task.WhenAll(Primary.StartProcessAsync(), Secondary.StartProcessAsync());
        await MakeContainerAsync();
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { ContentRootPath = _folder.FullPath, EnvironmentName = "Development" });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(Settings());
        builder.Services.AddSessionReplay(builder.Configuration);
        _app = builder.Build();
        _app.MapSessionReplay();
        await _app.StartAsync();
    }

    public Dictionary<string, string?> Settings()
    {
        const string Replicated = "SessionReplay:Storage:Replicated";
        return new()
        {
            ["SessionReplay:Tenants:0:Id"] = "shop",
            ["SessionReplay:Tenants:0:WriteKeys:0:Key"] = Key,
            ["SessionReplay:Ingest:RequestsPerSecondPerAddress"] = "100000",
            ["SessionReplay:Ingest:WorkPerSecondPerAddress"] = "1000000000",
            ["SessionReplay:Sessions:IdleTimeout"] = "00:00:05",
            ["SessionReplay:Sessions:SweepInterval"] = "00:00:02",
            ["SessionReplay:Storage:Provider"] = "Replicated",
            [$"{Replicated}:RetryInterval"] = "00:00:01",
            // A member that is only slow, as all are on a busy machine, is not lost.
            [$"{Replicated}:MemberTimeout"] = "00:01:00",
            [$"{Replicated}:ReconcileInterval"] = "00:00:01",
            [$"{Replicated}:Primary:Name"] = "eu",
            [$"{Replicated}:Primary:Provider"] = "S3",
            [$"{Replicated}:Primary:S3:Preset"] = "MinIO",
            [$"{Replicated}:Primary:S3:ServiceUrl"] = Primary.ServiceUrl,
            [$"{Replicated}:Primary:S3:Bucket"] = S3rver.Bucket,
            [$"{Replicated}:Primary:S3:AccessKey"] = S3rver.AccessKey,
            [$"{Replicated}:Primary:S3:SecretKey"] = S3rver.SecretKey,
            [$"{Replicated}:Primary:S3:PartBytes"] = "5242880",
            [$"{Replicated}:Secondaries:0:Name"] = "us",
            [$"{Replicated}:Secondaries:0:Provider"] = "AzureBlob",
            [$"{Replicated}:Secondaries:0:AzureBlob:ConnectionString"] = Secondary.ConnectionString,
            [$"{Replicated}:Secondaries:0:AzureBlob:Bucket"] = Container,
        };
    }

    public async Task<HealthReport> HealthAsync() =>
        await Services.GetRequiredService<HealthCheckService>()
            .CheckHealthAsync(check => check.Name.Contains("replicated", StringComparison.Ordinal));

    /// <summary>Waits until every session has its recording object: nothing is written or deleted any more.</summary>
    public async Task WaitForCompactionAsync()
    {
        for (var i = 0; i < 1200; i++)
        {
            try
            {
                if ((await Services.GetRequiredService<ICatalogReader>()
                    .SearchAsync(new() { Tenant = new("shop"), Limit = 200 }, default)).Sessions
                    .All(session => session.RecordingKey is not null))
                {
                    return;
                }
            }
            catch (CatalogUnavailableException) when (i < 1199)
            {
                // Busy.
            }

            await Task.Delay(200);
        }

        Assert.Fail("Not all sessions have their recording object.");
    }

    /// <summary>Waits until no member has anything to catch up, as of a look that began after the call.</summary>
    public async Task WaitForCatchUpAsync()
    {
        for (var i = 0; i < 600; i++)
        {
            try
            {
                await Services.GetRequiredService<Reconciler>().RunAsync(default);
                if (Set.Members.All(member => !member.IsBehind))
                {
                    return;
                }
            }
            catch (BlobStoreUnavailableException) when (i < 599)
            {
                // The peer is still starting, or answered an error of its own: the next pass goes on.
            }

            await Task.Delay(200);
        }

        Assert.Fail($"Not caught up: {string.Join(", ", Set.Members.Select(member => $"{member.Name} {member.Backlog}"))}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        await Primary.DisposeAsync();
        await Secondary.DisposeAsync();
        _folder.Dispose();
    }

    private async Task MakeContainerAsync()
    {
        var member = new TestBuilder();
        member.AddAzureBlobStorage(options => (options.ConnectionString, options.Bucket) = (Secondary.ConnectionString, Container));
        await using var provider = member.Services.BuildServiceProvider();
        await provider.GetRequiredService<IBlobStore>().SetUpAsync([], default);
    }
}
