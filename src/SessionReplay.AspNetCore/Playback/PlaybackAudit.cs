using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using SessionReplay.Audit;
using SessionReplay.Pipeline.Resilience;

namespace SessionReplay.AspNetCore.Playback;

/// <summary>Writes what was tried, and what became of it, into the log of the tenant whose session it is.</summary>
internal sealed class PlaybackAudit([Guarded] IAuditLog log, PlaybackAccess access, TimeProvider clock)
{
    /// <summary>The outcome of a change that is about to be made.</summary>
    public const string Begun = "begun";

    private const string Ok = "ok";

    /// <summary>Appends a row; also when the viewer has gone away, for the attempt was made.</summary>
    public ValueTask AppendAsync(HttpContext context, PlaybackAction action, bool allowed, string outcome) => log.AppendAsync(
        new AuditEntry
        {
            At = clock.GetUtcNow(),
            Actor = Cut(ActorOf(context), 256),
            Action = action.Name,
            Allowed = allowed,
            Outcome = Cut(outcome, 64),
            Tenant = TenantOf(context),
            Session = SessionId.TryParse(context.Request.RouteValues["id"] as string, out var session) ? session : null,
            RemoteAddress = context.Connection.RemoteIpAddress?.ToString(),
            Detail = Detail(context),
        },
        CancellationToken.None);

    /// <summary>Gets who makes a request.</summary>
    public static string ActorOf(HttpContext context) =>
        context.User.Identity is { IsAuthenticated: true, Name: { Length: > 0 } name } ? name : "anonymous";

    /// <summary>Returns whether the row of an earlier request of the same view covers one that has succeeded.</summary>
    public static bool IsCovered(HttpContext context, string outcome) =>
        outcome == Ok && context.Features.Get<AuditNote>() is { IsCovered: true };

    /// <summary>Reads the outcome off an answer: <c>ok</c>, or the code of the problem.</summary>
    public static string OutcomeOf(object? result) => result switch
    {
        ProblemResult answer => answer.Problem.Code,
        ChallengeHttpResult => "not-signed-in",
        IStatusCodeHttpResult { StatusCode: >= StatusCodes.Status400BadRequest and var status } =>
            status.ToString(CultureInfo.InvariantCulture),
        _ => Ok,
    };

    /// <summary>
    /// The tenant of the session that the path names, whoever asks: an attempt belongs into the log of the tenant whose session it aims at.
    /// A parameter chooses a log only among the tenants that the user may look at, where it is what was searched.
    /// </summary>
    private TenantId? TenantOf(HttpContext context)
    {
        if (context.Request.RouteValues["tenant"] is string named)
        {
            return TenantId.TryParse(named, out var tenant) && access.IsTenant(tenant) ? tenant : null;
        }

        var own = access.Tenants(context);
        return TenantId.TryParse(context.Request.Query["tenant"], out var asked) && own.Contains(asked)
            ? asked
            : own.Count == 1 ? own[0] : null;
    }

    /// <summary>What an endpoint says, or which stretches or parameters were asked for, without values: those may name a person.</summary>
    private static string? Detail(HttpContext context)
    {
        var query = context.Request.Query;
        return context.Features.Get<AuditNote>()?.Detail ?? ViewDetail.Of(query)
            ?? (query.Count > 0 ? Cut(string.Join(' ', query.Keys), 1024) : null);
    }

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..length];
}
