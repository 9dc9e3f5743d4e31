using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SessionReplay.AspNetCore.Playback;

/// <summary>
/// Goes round every playback request: decides, turns errors of the parts below into problems, and writes the audit row before anything is
/// shown or changed. A change has a second row when it fails. A view has one row (<see cref="ViewTickets"/>).
/// </summary>
internal sealed class PlaybackFilter(PlaybackAction action) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        NoCaches.Refuse(context.Response);
        var services = context.RequestServices;
        var denied = await services.GetRequiredService<PlaybackAccess>().DecideAsync(context, action).ConfigureAwait(false);
        Count(denied is null);
        if (denied is not null && context.User.Identity?.IsAuthenticated != true
            && !services.GetRequiredService<DeniedRequests>().MayBeAudited(context.Connection.RemoteIpAddress))
        {
            return PlaybackProblem.TooManyDenied(context);
        }

        if (denied is not null)
        {
            return await AuditAsync(context, allowed: false, PlaybackAudit.OutcomeOf(denied)).ConfigureAwait(false) ?? denied;
        }

        if (action.Writes && await AuditAsync(context, allowed: true, PlaybackAudit.Begun).ConfigureAwait(false) is { } unavailable)
        {
            return unavailable;
        }

        return await RunAsync(invocation, next).ConfigureAwait(false);
    }

    private async ValueTask<object?> RunAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        object? result;
        try
        {
            result = await next(invocation).ConfigureAwait(false);
        }
        catch (Exception e) when (PlaybackProblem.Of(e, context, inAuditLog: action == PlaybackAction.Audit) is { } problem)
        {
            LogFailure(context, e);
            result = problem;
        }
        catch (Exception e)
        {
            // A bug, or the viewer went away: the attempt is written down all the same.
            await AuditAsync(context, allowed: true, e is OperationCanceledException ? "aborted" : "error").ConfigureAwait(false);
            throw;
        }

        var outcome = PlaybackAudit.OutcomeOf(result);
        return (action.Writes && outcome == PlaybackAudit.OutcomeOf(null)) || PlaybackAudit.IsCovered(context, outcome)
            ? result
            : await AuditAsync(context, allowed: true, outcome).ConfigureAwait(false) ?? result;
    }

    /// <returns>What to answer when the row cannot be written: nothing is shown then.</returns>
    private async ValueTask<IResult?> AuditAsync(HttpContext context, bool allowed, string outcome)
    {
        try
        {
            await context.RequestServices.GetRequiredService<PlaybackAudit>().AppendAsync(context, action, allowed, outcome)
                .ConfigureAwait(false);
            return null;
        }
        catch (Exception e) when (PlaybackProblem.Of(e, context, inAuditLog: true) is { } problem)
        {
            LogFailure(context, e);
            return problem;
        }
    }

    private void LogFailure(HttpContext context, Exception error)
    {
        var logger = context.RequestServices.GetRequiredService<ILogger<PlaybackFilter>>();
        if (error is FormatRejectedException)
        {
            Log.ChunkCorrupt(logger, context.Request.Path, error);
        }
        else
        {
            Log.PlaybackFailed(logger, action.Name, error);
        }
    }

    private void Count(bool allowed) => Telemetry.PlaybackRequests.Add(
        1, new KeyValuePair<string, object?>("sessionreplay.action", action.Name),
        new KeyValuePair<string, object?>("sessionreplay.allowed", allowed));
}
