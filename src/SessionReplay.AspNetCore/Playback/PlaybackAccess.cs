using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace SessionReplay.AspNetCore.Playback;

/// <summary>Decides who may do what. Default deny: without a policy only a developer on this very machine is let in.</summary>
internal sealed class PlaybackAccess(IOptions<PlaybackOptions> options, IReadOnlyList<TenantOptions> tenants, IHostEnvironment environment)
{
    private const string WriteHeader = "X-Session-Replay";

    private readonly PlaybackOptions _options = options.Value;

    /// <returns><see langword="null"/> when the request is allowed, else what to answer.</returns>
    public async ValueTask<IResult?> DecideAsync(HttpContext context, PlaybackAction action)
    {
        if (action.Writes && !IsSameOrigin(context.Request))
        {
            return PlaybackProblem.Create(
                StatusCodes.Status403Forbidden, "cross-site", "A page of another site must not change anything here.",
                $"Send the header '{WriteHeader}: 1'.");
        }

        if (action.Policy(_options) is not { Length: > 0 } policy)
        {
            return environment.IsDevelopment() && IsLocal(context)
                ? null
                : PlaybackProblem.Create(
                    StatusCodes.Status403Forbidden, "no-policy", "Nobody is allowed to do this yet.",
                    "Name one of the application's authorization policies in SessionReplay:Playback:ViewPolicy, DeletePolicy, AuditPolicy or OperatePolicy.");
        }

        if (context.RequestServices.GetService<IAuthorizationService>() is not { } authorization)
        {
            throw new InvalidOperationException(
                $"SessionReplay:Playback names the policy '{policy}', but the application has no authorization. Call builder.Services.AddAuthorization(...).");
        }

        if ((await authorization.AuthorizeAsync(context.User, context, policy).ConfigureAwait(false)).Succeeded)
        {
            return action.AllTenants && !SeesAllTenants(context)
                ? PlaybackProblem.Create(
                    StatusCodes.Status403Forbidden, "other-tenants", "This concerns every tenant, and you may look at some only.",
                    $"Ask somebody whose claims '{_options.TenantClaim}' name all tenants.")
                : null;
        }

        return context.User.Identity?.IsAuthenticated == true
            ? PlaybackProblem.Create(
                StatusCodes.Status403Forbidden, "forbidden", "You are not allowed to do this.",
                $"Your account does not meet the policy '{policy}'.")
            : await ChallengeAsync(context).ConfigureAwait(false);
    }

    /// <summary>Gets the tenants that the user may look at.</summary>
    public IReadOnlyList<TenantId> Tenants(HttpContext context)
    {
        var configured = tenants.Select(t => new TenantId(t.Id));
        if (_options.TenantClaim is not { Length: > 0 } claim)
        {
            return [.. configured];
        }

        var own = context.User.FindAll(claim).Select(c => c.Value).ToHashSet(StringComparer.Ordinal);
        return [.. configured.Where(t => own.Contains(t.Value))];
    }

    /// <summary>Returns whether a tenant is configured, regardless of who may look at it.</summary>
    public bool IsTenant(TenantId tenant) => tenants.Any(t => t.Id == tenant.Value);

    /// <summary>Returns whether the user may also see what belongs to no configured tenant.</summary>
    public bool SeesAllTenants(HttpContext context) => Tenants(context).Count == tenants.Count;

    private static async ValueTask<IResult> ChallengeAsync(HttpContext context)
    {
        // A page is sent to the application's login; a script gets an answer that says so.
        var schemes = context.RequestServices.GetService<IAuthenticationSchemeProvider>();
        var scheme = schemes is null ? null : await schemes.GetDefaultChallengeSchemeAsync().ConfigureAwait(false);
        return scheme is not null && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
            ? Results.Challenge()
            : PlaybackProblem.Create(StatusCodes.Status401Unauthorized, "not-signed-in", "Sign in first.");
    }

    /// <summary>
    /// A request that came through a proxy carries the proxy's address: it is never taken for a local one. Nor is one for another host's
    /// name: a page of the internet can have its own name lead to this machine (DNS rebinding).
    /// </summary>
    private static bool IsLocal(HttpContext context)
    {
        var headers = context.Request.Headers;
        return context.Connection.RemoteIpAddress is { } remote && IPAddress.IsLoopback(remote) && IsLocalName(context.Request.Host.Host)
            && !headers.ContainsKey("X-Forwarded-For") && !headers.ContainsKey("X-Original-For") && !headers.ContainsKey("Forwarded");
    }

    private static bool IsLocalName(string host) => IPAddress.TryParse(host.Trim('[', ']'), out var address)
        ? IPAddress.IsLoopback(address)
        : host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);

    private static bool IsSameOrigin(HttpRequest request) =>
        request.Headers.ContainsKey(WriteHeader) || request.Headers["Sec-Fetch-Site"] == "same-origin";
}
