using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace SessionReplay.AspNetCore.Playback;

/// <summary>Maps the endpoints of the role <see cref="SessionReplayRoles.Playback"/>.</summary>
internal static class PlaybackEndpoints
{
    /// <summary>A session is named by its tenant and its id: ids are the pages' own, and two tenants may have the same.</summary>
    private const string Session = "tenants/{tenant}/sessions/{id}";

    /// <param name="group">The group of the prefix given to <c>MapSessionReplay</c>; playback lies in <c>api/</c> below it.</param>
    public static void Map(RouteGroupBuilder group)
    {
        ArgumentNullException.ThrowIfNull(group);
        var api = group.MapGroup("api");
        Add(
            PlaybackAction.Search,
            api.MapGet("sessions", (HttpContext context, [FromServices] SearchEndpoint search, CancellationToken cancellationToken) =>
                search.HandleAsync(context, cancellationToken)));
        Add(
            PlaybackAction.View,
            api.MapGet(Session, (HttpContext context, [FromServices] ManifestEndpoint manifest, CancellationToken cancellationToken) =>
                manifest.DetailAsync(context, cancellationToken)));
        Add(
            PlaybackAction.View,
            api.MapGet(
                $"{Session}/manifest",
                (HttpContext context, [FromServices] ManifestEndpoint manifest, CancellationToken cancellationToken) =>
                manifest.ManifestAsync(context, cancellationToken)));
        Add(
            PlaybackAction.Batches,
            api.MapGet(
                $"{Session}/batches",
                (HttpContext context, [FromServices] BatchesEndpoint batches, CancellationToken cancellationToken) =>
                batches.HandleAsync(context, cancellationToken)));
        Add(
            PlaybackAction.Assets,
            api.MapGet(
                $"{Session}/assets",
                (HttpContext context, [FromServices] AssetsEndpoint assets, CancellationToken cancellationToken) =>
                assets.HandleAsync(context, cancellationToken)));
        MapReplay(api);
        MapOperator(api);
    }

    /// <summary>The documents in which recordings are replayed. The stage lies on the replay's own origin, where there is one.</summary>
    private static void MapReplay(RouteGroupBuilder api)
    {
        foreach (var document in ReplayDocument.All)
        {
            var endpoint = document == ReplayDocument.Stage
                ? api.MapGet(
                    document.Name,
                    static (HttpContext context, [FromServices] IOptions<PlaybackOptions> options) => AnswerStage(context, options.Value))
                : api.MapGet(document.Name, static (HttpContext context) => ReplayDocument.Frame.Answer(context));
            endpoint.WithMetadata(document).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();
        }
    }

    private static IResult AnswerStage(HttpContext context, PlaybackOptions options) =>
        ReplayOrigin.Of(options) is { } origin ? Results.Redirect(origin.AddressOf(context.Request)) : ReplayDocument.Stage.Answer(context);

    private static void MapOperator(RouteGroupBuilder api)
    {
        Add(
            PlaybackAction.Delete,
            api.MapDelete(
                Session, (HttpContext context, [FromServices] OperatorEndpoints operations, CancellationToken cancellationToken) =>
                operations.DeleteAsync(context, cancellationToken)));
        Add(
            PlaybackAction.Audit,
            api.MapGet(
                "audit",
                (HttpContext context, [FromServices] OperatorEndpoints operations, CancellationToken cancellationToken) =>
                    operations.AuditAsync(context, cancellationToken)));
        Add(
            PlaybackAction.ListDeadLetters,
            api.MapGet("dead-letters", ([FromServices] OperatorEndpoints operations, CancellationToken cancellationToken) =>
                operations.ListDeadLettersAsync(cancellationToken)));
        Add(
            PlaybackAction.Redrive,
            api.MapPost("dead-letters/redrive", ([FromServices] OperatorEndpoints operations, CancellationToken cancellationToken) =>
                operations.RedriveAsync(cancellationToken)));
        Add(
            PlaybackAction.Discard,
            api.MapPost(
                "dead-letters/discard",
                (HttpContext context, [FromServices] OperatorEndpoints operations, CancellationToken cancellationToken) =>
                operations.DiscardAsync(context, cancellationToken)));
    }

    /// <summary>
    /// The decision is the filter's own, so that the audit log sees every attempt; the application's fallback policy must not answer before
    /// it.
    /// </summary>
    private static void Add(PlaybackAction action, RouteHandlerBuilder endpoint) =>
        endpoint.AddEndpointFilter(new PlaybackFilter(action)).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();
}
