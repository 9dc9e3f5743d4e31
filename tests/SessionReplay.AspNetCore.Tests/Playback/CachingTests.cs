using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SessionReplay.Audit;

namespace SessionReplay.AspNetCore.Tests.Playback;

/// <summary>
/// An application that caches all it answers: what is decided for one viewer must not be answered to the next, nor outlive a deletion.
/// </summary>
public sealed class CachingTests
{
    private readonly SessionId _session = BatchSamples.NewSession();
    private readonly WindowId _window = WindowId.Create(TimeProvider.System);

    [Fact]
    public async Task AnyRead_OutputAndResponseCachingOfEverything_IsDecidedAndAuditedEachTime()
    {
        await using var host = await StartAsync();
        await host.RecordAsync(_session, BatchSamples.Create(_session, _window));
        string[] paths =
        [
            "api/sessions", $"api/tenants/shop/sessions/{_session}", $"api/tenants/shop/sessions/{_session}/manifest",
            $"api/tenants/shop/sessions/{_session}/batches?stretch={_window}.0-0",
            $"api/tenants/shop/sessions/{_session}/assets?hash={new string('0', 64)}",
            "api/audit", "api/dead-letters",
        ];
        foreach (var path in paths)
        {
            var before = await RowsAsync(host);
            for (var i = 0; i < 3; i++)
            {
                using var answer = await host.Client.GetAsync(path);
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                Assert.Equal("no-store, private", answer.Headers.CacheControl!.ToString());
                Assert.Equal("no-store", answer.Headers.GetValues("CDN-Cache-Control").Single());
                Assert.False(answer.Headers.Contains("Age"));
            }

            Assert.Equal(before + 3, await RowsAsync(host));
            // Whoever is not let in gets nothing of what others were shown.
            Assert.Equal(HttpStatusCode.Forbidden, await host.StatusAsync(path, null, ("X-Forwarded-For", "203.0.113.9")));
        }

        Assert.Equal(
            HttpStatusCode.NoContent,
            await host.StatusAsync($"api/tenants/shop/sessions/{_session}", HttpMethod.Delete, ("X-Session-Replay", "1")));
        Assert.All(
            await Task.WhenAll(
                paths.Where(path => path.Contains("tenants", StringComparison.Ordinal)).Select(path => host.StatusAsync(path))),
                status => Assert.Equal(HttpStatusCode.Gone, status));
    }

    [Fact]
    public async Task EveryEndpoint_OfSessionReplay_KeepsTheOutputCacheAway()
    {
        await using var host = await StartAsync();
        var endpoints = host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();

        Assert.True(endpoints.Count > 12, $"{endpoints.Count} endpoints");
        foreach (var endpoint in endpoints)
        {
            var policies = endpoint.Metadata.OfType<IOutputCachePolicy>().ToList();
            Assert.True(policies.Count > 0, endpoint.RoutePattern.RawText);
            var context = new OutputCacheContext { HttpContext = new Microsoft.AspNetCore.Http.DefaultHttpContext(),
                EnableOutputCaching = true, AllowCacheLookup = true, AllowCacheStorage = true };
            foreach (var policy in policies)
            {
                await policy.CacheRequestAsync(context, default);
            }

            Assert.False(
                context.EnableOutputCaching && (context.AllowCacheLookup || context.AllowCacheStorage), endpoint.RoutePattern.RawText);
        }
    }

    private static Task<FullHost> StartAsync() => FullHost.StartAsync(
        build: (builder, _) => builder.Services
            .AddOutputCache(
                options =>
                    options.AddBasePolicy(policy => policy.AddPolicy<CacheAll>().Expire(TimeSpan.FromHours(1)), excludeDefaultPolicy: true))
            .AddResponseCaching(),
        use: app =>
        {
            app.UseRouting();
            app.UseResponseCaching();
            app.UseOutputCache();
        });

    private static async Task<int> RowsAsync(FullHost host) =>
        (await host.Services.GetRequiredService<IAuditLog>().ListAsync(null, null, 1_000, default)).Count;

    /// <summary>Caches whatever the default policy would not.</summary>
    private sealed class CacheAll : IOutputCachePolicy
    {
        public ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
        {
            (context.EnableOutputCaching, context.AllowCacheLookup, context.AllowCacheStorage,
            context.AllowLocking) = (true, true, true, true);
            return default;
        }

        public ValueTask ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation) => default;

        public ValueTask ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation) => default;
    }
}
