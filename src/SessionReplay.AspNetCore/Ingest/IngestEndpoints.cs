using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SessionReplay.Ingest;
using SessionReplay.Pipeline;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>Maps the endpoints that pages call (docs/http-api.md).</summary>
internal static class IngestEndpoints
{
    private static readonly string Version =
        typeof(IngestEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static void Map(RouteGroupBuilder group)
    {
        var ingest = group.MapGroup("v1");
        Add(ingest.MapGet(
            "settings",
            ([FromServices] IOptions<IngestOptions> options, [FromServices] IOptions<SessionLifecycleOptions> sessions,
            [FromServices] TimeProvider clock, HttpContext context) =>
            Settings(context, options.Value, sessions.Value, clock)));
        Add(ingest.MapPost("batches", (HttpContext context, [FromServices] BatchesEndpoint batches) => batches.HandleAsync(context)));
        Add(ingest.MapPost(
            "sessions/{id}/assets/missing",
            (HttpContext context, string id, [FromServices] MissingAssetsEndpoint assets) => assets.HandleAsync(context, id)));
        Add(ingest.MapPost(
            "sessions/{id}/assets/{sha256}", (HttpContext context, string id, string sha256, [FromServices] AssetUploadEndpoint assets) =>
            assets.HandleAsync(context, id, sha256)));
        Add(ingest.MapPost(
            "sessions/{id}/forget",
            (HttpContext context, string id, [FromServices] ForgetEndpoint forget) => forget.HandleAsync(context, id)));
        Conventions(
            ingest.MapMethods(
                "{**path}", [HttpMethods.Options], (HttpContext context, [FromServices] IngestGate gate) => PreflightAsync(context, gate)));
    }

    /// <summary>A page has no login of the application and no antiforgery token; limits of its own hold for it.</summary>
    public static void Conventions(RouteHandlerBuilder endpoint) =>
        endpoint.AllowAnonymous().DisableAntiforgery().DisableRateLimiting().ExcludeFromDescription();

    private static void Add(RouteHandlerBuilder endpoint)
    {
        Conventions(endpoint);
        endpoint.AddEndpointFilter(
            (context, next) => context.HttpContext.RequestServices.GetRequiredService<IngestFilter>().InvokeAsync(context, next));
    }

    private static IResult Settings(HttpContext context, IngestOptions options, SessionLifecycleOptions sessions, TimeProvider clock)
    {
        var settings = context.Features.GetRequiredFeature<WriteKey>().Recorder;
        context.Response.Headers.CacheControl = "private, max-age=300";
        var limits = new SettingsLimits(
            options.MaxBatchBytes, (long)sessions.IdleTimeout.TotalMilliseconds, (long)sessions.MaxDuration.TotalMilliseconds);
        return Results.Json(
            new SettingsAnswer(
                settings.Enabled, settings.SampleRate, settings.MaskAllText, settings.RecordNetworkBodies, settings.RecordConsole,
                settings.RespectDoNotTrack, settings.RecordAssets,
                clock.GetUtcNow().ToUnixTimeMilliseconds(), Version, limits),
            IngestJson.Default.SettingsAnswer);
    }

    // The recorder never causes a preflight. Other clients may, and learn what is allowed.
    private static async ValueTask<IResult> PreflightAsync(HttpContext context, IngestGate gate)
    {
        try
        {
            await gate.AdmitAsync(context).ConfigureAwait(false);
        }
        catch (IngestRejectedException e)
        {
            return IngestProblems.ToResult(e, context, default);
        }

        context.Response.Headers.AccessControlAllowMethods = "GET, POST";
        context.Response.Headers.AccessControlAllowHeaders = "Content-Type";
        context.Response.Headers.AccessControlMaxAge = "7200";
        return Results.NoContent();
    }
}
