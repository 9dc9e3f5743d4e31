using Microsoft.AspNetCore.Http;
using SessionReplay.Catalog;
using SessionReplay.Keys;
using SessionReplay.Pipeline.Resilience;

namespace SessionReplay.AspNetCore.Playback;

/// <summary>
/// Finds the session that a request's path names by tenant and id. A session of another tenant with the same id is another session.
/// </summary>
internal sealed class SessionFinder([Guarded] ICatalogReader catalog, [Guarded] IKeyStore keys, PlaybackAccess access)
{
    /// <returns>The session, or <see langword="null"/> when there is none that the user may look at.</returns>
    /// <exception cref="KeyDeletedException">The session was deleted.</exception>
    public async ValueTask<SessionRow?> FindAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var route = context.Request.RouteValues;
        if (!TenantId.TryParse(route["tenant"] as string, out var tenant) || !SessionId.TryParse(route["id"] as string, out var id)
            || !access.Tenants(context).Contains(tenant))
        {
            return null;
        }

        var session = new SessionRef(tenant, id);
        if (await catalog.FindSessionAsync(session, cancellationToken).ConfigureAwait(false) is { } row)
        {
            return row;
        }

        // A tombstone distinguishes "gone" from "never there".
        await keys.FindAsync(DataKeyId.OfSession(session), cancellationToken).ConfigureAwait(false);
        return null;
    }
}
