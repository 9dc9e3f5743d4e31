using System.Net;
using System.Security.Cryptography;
using Google.Protobuf;

namespace SessionReplay.AspNetCore.Tests.Ingest;

/// <summary>Quotas of assets that processes share: two hosts on one catalog.</summary>
public sealed class AssetQuotasTests : IDisposable
{
    private readonly QuotaHosts _quotas = new();

    [Theory]
    [InlineData("asset-quota")]
    [InlineData("address-quota")]
    public async Task AssetBytes_OfTwoProcesses_AreBoundedTogether(string code)
    {
        Action<IngestOptions> bound = code == "asset-quota"
            ? o => o.MaxSessionAssetBytes = 1 << 20
            : o => o.AssetBytesPerHourPerAddress = 1 << 20;
        await using var one = await _quotas.StartAsync(bound);
        await using var two = await _quotas.StartAsync(bound);
        var session = BatchSamples.NewSession();
        Assert.Equal(HttpStatusCode.Accepted, await BeginAsync(one, session, WindowId.Create(TimeProvider.System)));
        using var first = await PutAsync(one, session, 600_000);
        Assert.Equal(HttpStatusCode.NoContent, first.StatusCode);
        using var second = await PutAsync(two, session, 600_000);
        await IngestHost.ProblemAsync(second, HttpStatusCode.TooManyRequests, code);
        using var small = await PutAsync(two, session, 200_000);
        Assert.Equal(HttpStatusCode.NoContent, small.StatusCode);
        using var other = await PutAsync(two, BatchSamples.NewSession(), 600_000);
        Assert.Equal(code == "asset-quota" ? HttpStatusCode.NoContent : HttpStatusCode.TooManyRequests, other.StatusCode);
    }

    [Fact]
    public async Task Assets_RoomFullOfThoseThatNothingNames_IsMadeAfterAMinute()
    {
        await using var host = await _quotas.StartAsync(o => o.MaxTenantAssetBytes = 1 << 20);
        using var first = await PutAsync(host, BatchSamples.NewSession(), 600_000);
        Assert.Equal(HttpStatusCode.NoContent, first.StatusCode);
        using var full = await PutAsync(host, BatchSamples.NewSession(), 600_000);
        await IngestHost.ProblemAsync(full, HttpStatusCode.TooManyRequests, "asset-quota");
        _quotas.Clock.Advance(TimeSpan.FromMinutes(2));
        using var second = await PutAsync(host, BatchSamples.NewSession(), 600_000);
        Assert.Equal(HttpStatusCode.NoContent, second.StatusCode);

        // Sessions that somebody makes up leave no row.
        Assert.DoesNotContain(_quotas.Counts().Keys, name => name.Contains("session", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AssetBytes_Tiny_ChargeTheAddressWhatTheTenantIsCharged()
    {
        await using var host = await _quotas.StartAsync(o => o.AssetBytesPerHourPerAddress = 1 << 20);
        for (var i = 0; i < 257; i++)
        {
            using var answer = await PutAsync(host, BatchSamples.NewSession(), 100);
            Assert.Equal(i < 256 ? HttpStatusCode.NoContent : HttpStatusCode.TooManyRequests, answer.StatusCode);
        }
    }

    public void Dispose() => _quotas.Dispose();

    private static Task<HttpStatusCode> BeginAsync(IngestHost host) =>
        BeginAsync(host, BatchSamples.NewSession(), WindowId.Create(TimeProvider.System));

    private static async Task<HttpStatusCode> BeginAsync(IngestHost host, SessionId session, WindowId window, uint seq = 0)
    {
        using var answer = await host.SendAsync(BatchSamples.Gzip(BatchSamples.Create(session, window, seq).ToByteArray()));
        return answer.StatusCode;
    }

    private static Task<HttpResponseMessage> PutAsync(IngestHost host, SessionId session, int length)
    {
        byte[] image = [.. "GIF89a"u8, .. RandomNumberGenerator.GetBytes(length)];
        return host.PostAsync(
            $"v1/sessions/{session}/assets/{Convert.ToHexStringLower(SHA256.HashData(image))}?key={IngestHost.Key}&type=image/gif",
            IngestHost.Body(Upload.Frame(image)));
    }
}
