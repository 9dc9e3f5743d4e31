using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SessionReplay.AspNetCore.Resilience;
using SessionReplay.Audit;
using SessionReplay.Format;

namespace SessionReplay.AspNetCore.Playback;

/// <summary>Goes round every playback request: decides, writes the audit row before anything is shown, and turns errors of the parts below into problems.</summary>
internal sealed class PlaybackFilter(PlaybackAction action) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        context.Response.Headers.CacheControl = "private, no-store";
        var inAuditLog = true;
        try
        {
            var denied = await context.RequestServices.GetRequiredService<PlaybackAccess>().DecideAsync(context, action).ConfigureAwait(false);
            if (denied is not null && context.User.Identity?.IsAuthenticated != true
                && !context.RequestServices.GetRequiredService<DeniedRequests>().MayBeAudited(context.Connection.RemoteIpAddress))
            {
                Count(allowed: false);
                return PlaybackProblem.TooManyDenied(context);
            }

            await AuditAsync(context, denied is null).ConfigureAwait(false);
            inAuditLog = action == PlaybackAction.Audit;
            return denied ?? await next(invocation).ConfigureAwait(false);
        }
        catch (Exception e) when (PlaybackProblem.Of(e, context, inAuditLog) is not null)
        {
            var logger = context.RequestServices.GetRequiredService<ILogger<PlaybackFilter>>();
            if (e is FormatRejectedException)
            {
                Log.ChunkCorrupt(logger, context.Request.Path, e);
            }
            else
            {
                Log.PlaybackFailed(logger, action.Name, e);
            }

            return PlaybackProblem.Of(e, context, inAuditLog);
        }
    }

    private async ValueTask AuditAsync(HttpContext context, bool allowed)
    {
        var services = context.RequestServices;
        var tenants = services.GetRequiredService<PlaybackAccess>().Tenants(context);
        Count(allowed);
        await services.GetRequiredKeyedService<IAuditLog>(GuardedServices.Key).AppendAsync(
            new AuditEntry
            {
                At = services.GetRequiredService<TimeProvider>().GetUtcNow(),
                Actor = Cut(context.User.Identity is { IsAuthenticated: true, Name: { Length: > 0 } name } ? name : "anonymous", 256),
                Action = action.Name,
                Allowed = allowed,
                Tenant = tenants.Count == 1 ? tenants[0] : TenantId.TryParse(context.Request.Query["tenant"], out var asked) ? asked : null,
                Session = SessionId.TryParse(context.Request.RouteValues["id"] as string ?? context.Request.Query["session"], out var session) ? session : null,
                RemoteAddress = context.Connection.RemoteIpAddress?.ToString(),
                Detail = Detail(context),
            },
            context.RequestAborted).ConfigureAwait(false);
    }

    private void Count(bool allowed) => Telemetry.PlaybackRequests.Add(
        1, new KeyValuePair<string, object?>("sessionreplay.action", action.Name), new KeyValuePair<string, object?>("sessionreplay.allowed", allowed));

    /// <summary>Which parameters were used, without their values: those may name a person.</summary>
    private static string? Detail(HttpContext context) => (context.Request.RouteValues["window"], context.Request.Query.Count) switch
    {
        (string window, _) => Cut($"window={window} seq={context.Request.RouteValues["seq"]}", 1024),
        (_, > 0) => Cut(string.Join(' ', context.Request.Query.Keys), 1024),
        _ => null,
    };

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..length];
}
