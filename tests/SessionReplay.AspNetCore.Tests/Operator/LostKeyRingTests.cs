using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using SessionReplay.AspNetCore.Operator;
using SessionReplay.Catalog;
using SessionReplay.Keys;

namespace SessionReplay.AspNetCore.Tests.Operator;

/// <summary>The application runs on without its key ring, says what is missing, and can start over.</summary>
public sealed class LostKeyRingTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly SessionId _session = BatchSamples.NewSession();

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
        Assert.Equal(
            HttpStatusCode.ServiceUnavailable,
            await host.SendAsync(BatchSamples.Create(BatchSamples.NewSession(), WindowId.Create(TimeProvider.System))));
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
            Assert.Contains(
                "Discarded the keys of 1 sessions", await RunAsync(broken, "start-over", "--confirm"), StringComparison.Ordinal);
        }

        await using var host = await StartAsync();
        var session = BatchSamples.NewSession();
        await host.RecordAsync(session, BatchSamples.Create(session, WindowId.Create(TimeProvider.System)));

        Assert.Equal(HealthStatus.Healthy, (await HealthAsync(host)).Status);
    }

    [Theory]
    [InlineData("recorded", true)]
    [InlineData("reserved", true)]
    [InlineData("without-key", false)]
    public async Task StartOver_Assets_AreUploadedAgainAndShown(string state, bool loses)
    {
        var bytes = Encoding.UTF8.GetBytes("p { color: red }");
        var hash = new ContentHash(Convert.ToHexStringLower(SHA256.HashData(bytes)));
        await using (var first = await StartAsync())
        {
            Assert.Equal(HttpStatusCode.NoContent, await PutAsync(first, _session, hash, bytes));
            await RecordAsync(first, _session, hash);
            await PrepareAsync(first, state, hash);
        }

        if (loses)
        {
            await LoseAsync(null);
        }

        await using (var broken = await StartAsync())
        {
            Assert.Contains(
                loses ? "1 sessions and 1 assets" : "1 more assets have no key", await RunAsync(broken, "start-over"),
                StringComparison.Ordinal);
        }

        await using (var broken = await StartAsync())
        {
            Assert.Contains("Removed 1 assets", await RunAsync(broken, "start-over", "--confirm"), StringComparison.Ordinal);
            var objects = Directory.EnumerateFiles(_folder.File("blobs"), "*.bin", SearchOption.AllDirectories);
            Assert.DoesNotContain(objects, path => path.Contains("assets", StringComparison.Ordinal));
            Assert.Contains("Removed 0 assets", await RunAsync(broken, "start-over", "--confirm"), StringComparison.Ordinal);
        }

        await using var host = await StartAsync();
        var session = BatchSamples.NewSession();
        Assert.Equal([hash.Hex], await MissingAsync(host, session, hash));
        Assert.Equal(HttpStatusCode.NoContent, await PutAsync(host, session, hash, bytes));
        await RecordAsync(host, session, hash);

        Assert.Equal(bytes, Assert.Single(await host.AssetsAsync(session, hash.Hex)).Unpack());
    }

    /// <summary>
    /// Many networks have sent the asset, so that a page is not asked for it. Then its upload breaks off, or its key is lost, as the state
    /// says.
    /// </summary>
    private static async Task PrepareAsync(FullHost host, string state, ContentHash hash)
    {
        var (tenant, assets) = (new TenantId("shop"), host.Services.GetRequiredService<IAssetCatalog>());
        var asset = Assert.Single(await assets.ListAsync(tenant, null, 10, default));
        Assert.True(await assets.ConfirmAsync(asset with { Senders = -1 }, null, default));
        Assert.Empty(await MissingAsync(host, BatchSamples.NewSession(), hash));
        if (state == "reserved")
        {
            var folder = host.Services.GetRequiredService<IOptions<SessionReplayOptions>>().Value.DataDirectory;
            await using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "catalog.db")};Pooling=False");
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "UPDATE assets SET present = 0";
            Assert.Equal(1, await command.ExecuteNonQueryAsync());
        }
        else if (state == "without-key")
        {
            var keys = host.Services.GetRequiredService<IKeyStore>();
            var entry = await keys.FindAsync(DataKeyId.OfAsset(tenant, asset.Key), default);
            Assert.True(await ((IKeyRotationStore)keys).TryRemoveAsync(entry!, default));
        }
    }

    private static async Task<HttpStatusCode> PutAsync(FullHost host, SessionId session, ContentHash hash, byte[] bytes)
    {
        using var content = IngestHost.Body(Upload.Frame(bytes));
        using var answer = await host.Client.PostAsync($"v1/sessions/{session}/assets/{hash}?type=text/css&key={FullHost.Key}", content);
        return answer.StatusCode;
    }

    private static async Task<string[]> MissingAsync(FullHost host, SessionId session, ContentHash hash)
    {
        using var content = IngestHost.Body(Upload.Frame(Encoding.ASCII.GetBytes($"{hash}\n")));
        using var answer = await host.Client.PostAsync($"v1/sessions/{session}/assets/missing?key={FullHost.Key}", content);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return [.. body.RootElement.GetProperty("missing").EnumerateArray().Select(item => item.GetString()!)];
    }

    private static async Task RecordAsync(FullHost host, SessionId session, ContentHash named)
    {
        var batch = BatchSamples.Create(session, WindowId.Create(TimeProvider.System));
        batch.AddDom(
            (BatchSamples.Time + 9,
            $$$"""{"type":3,"data":{"source":0,"attributes":[{"id":1,"attributes":{"_cssText":"sr-asset:{{{named}}}"}}]}}"""));
        await host.RecordAsync(session, batch);
    }

    private static async Task<string> RunAsync(FullHost host, params string[] args)
    {
        await using var output = new StringWriter();
        var exitCode = await ActivatorUtilities.CreateInstance<OperatorCommands>(host.Services).RunAsync(args, output, default);
        Assert.True(exitCode == 0, output.ToString());
        return output.ToString();
    }

    private static async Task<HealthReportEntry> HealthAsync(FullHost host) =>
        (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["session-replay-key-management"];

    private Task<FullHost> StartAsync() => FullHost.StartAsync(configure: options => options.DataDirectory = _folder.FullPath);

    private async Task RecordAsync()
    {
        await using var host = await StartAsync();
        Assert.Equal(HealthStatus.Healthy, (await HealthAsync(host)).Status);
        await host.RecordAsync(_session, BatchSamples.Create(_session, WindowId.Create(TimeProvider.System)));
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
