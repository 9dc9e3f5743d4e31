using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using SessionReplay.AspNetCore.Keys;
using SessionReplay.AspNetCore.Operator;
using SessionReplay.AspNetCore.Tests.Ingest;
using SessionReplay.AspNetCore.Tests.Playback;

namespace SessionReplay.AspNetCore.Tests.Keys;

/// <summary>The application runs on without its key ring, says what is missing, and can start over.</summary>
public sealed class LostKeyRingTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly SessionId _session = Batches.NewSession();

    private string RingPath => _folder.File("keys/key-ring.json");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(null, "is missing")]
    [InlineData("", "cannot be read")]
    [InlineData("{}", "holds no current key")]
    public async Task Start_RingIsLost_IsUnhealthyRefusesBatchesAndLeavesTheFileAlone(string? left, string reason)
    {
        await RecordAsync();
        await LoseAsync(left);

        await using var host = await StartAsync();
        var health = await HealthAsync(host);

        Assert.Equal(HealthStatus.Unhealthy, health.Status);
        Assert.Contains(reason, health.Description, StringComparison.Ordinal);
        Assert.Contains("start-over", health.Description, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await host.SendAsync(Batches.Create(Batches.NewSession(), WindowId.Create(TimeProvider.System))));
        Assert.Equal(left, File.Exists(RingPath) ? await File.ReadAllTextAsync(RingPath) : null);
    }

    [Fact]
    public async Task Start_RingOfAnotherInstallation_IsUnhealthy()
    {
        await RecordAsync();
        File.Delete(RingPath);
        using var other = new TempFolder();
        await using (await FullHost.StartAsync(configure: options => options.DataDirectory = other.FullPath))
        {
            File.Copy(other.File("keys/key-ring.json"), RingPath);
        }

        await using var host = await StartAsync();

        Assert.Contains("is not in the key ring", (await HealthAsync(host)).Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartOver_RingIsLost_RecordsAgain()
    {
        await RecordAsync();
        await LoseAsync(null);
        await using (var broken = await StartAsync())
        {
            Assert.Contains("Would discard the keys of 1 sessions", await RunAsync(broken, "start-over"), StringComparison.Ordinal);
            Assert.False(File.Exists(RingPath));
            Assert.Contains("Discarded the keys of 1 sessions", await RunAsync(broken, "start-over", "--confirm"), StringComparison.Ordinal);
        }

        await using var host = await StartAsync();
        var session = Batches.NewSession();
        await host.RecordAsync(session, Batches.Create(session, WindowId.Create(TimeProvider.System)));

        Assert.Equal(HealthStatus.Healthy, (await HealthAsync(host)).Status);
    }

    private static async Task<string> RunAsync(FullHost host, params string[] args)
    {
        await using var output = new StringWriter();
        Assert.Equal(0, await ActivatorUtilities.CreateInstance<OperatorCommands>(host.Services).RunAsync(args, output, default));
        return output.ToString();
    }

    private static async Task<HealthReportEntry> HealthAsync(FullHost host) =>
        (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries[KeyManagementHealthCheck.Name];

    private Task<FullHost> StartAsync() => FullHost.StartAsync(configure: options => options.DataDirectory = _folder.FullPath);

    private async Task RecordAsync()
    {
        await using var host = await StartAsync();
        Assert.Equal(HealthStatus.Healthy, (await HealthAsync(host)).Status);
        await host.RecordAsync(_session, Batches.Create(_session, WindowId.Create(TimeProvider.System)));
    }

    private async Task LoseAsync(string? left)
    {
        File.Delete(RingPath);
        if (left is not null)
        {
            await File.WriteAllTextAsync(RingPath, left);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(RingPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }
        }
    }
}
