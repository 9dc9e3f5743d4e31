using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SessionReplay.Player.Tests.Console;

/// <summary>An application that caches all it answers: whether a viewer may see the pages is decided for each request.</summary>
public sealed class ConsoleCachingTests
{
    [Theory]
    [InlineData("/session-replay")]
    [InlineData("/session-replay/tenants/shop/sessions/01990000000070008000000000000000")]
    public async Task Page_OutputAndResponseCachingOfEverything_IsDecidedEachTime(string path)
    {
        await using var app = CreateCachingApp();
        var isLetIn = true;
        app.MapSessionReplayConsole().Add(endpoint =>
        {
            var page = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = context =>
            {
                if (isLetIn)
                {
                    return page(context);
                }

                context.Response.StatusCode = StatusCodes.Status403Forbidden;
                return Task.CompletedTask;
            };
        });
        app.MapGet("/cached", () => isLetIn ? Results.Text("first") : Results.Forbid());
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(path));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/cached"));
        isLetIn = false;

        // The application's own page shows that the cache works.
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/cached"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(path));

        async Task<HttpStatusCode> StatusAsync(string address)
        {
            using var answer = await client.GetAsync(address);
            return answer.StatusCode;
        }
    }

    private static WebApplication CreateCachingApp()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services
            .AddOutputCache(
                options =>
                    options.AddBasePolicy(policy => policy.AddPolicy<CacheAll>().Expire(TimeSpan.FromHours(1)), excludeDefaultPolicy: true))
            .AddResponseCaching();
        var app = builder.Build();
        app.UseRouting();
        app.UseResponseCaching();
        app.UseOutputCache();
        return app;
    }

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
