using Microsoft.AspNetCore.Http;
using SessionReplay.AspNetCore.Resilience;
using SessionReplay.Catalog;
using SessionReplay.Keys;

namespace SessionReplay.AspNetCore.Playback;

/// <summary>Finds the session that a request names, among the tenants its user may look at.</summary>
internal sealed class SessionFinder([Guarded] ICatalogReader catalog, [Guarded] IKeyStore keys, PlaybackAccess access)
{
    /// <returns>The session, or <see langword="null"/> when there is none that the user may look at.</returns>
    /// <exception cref="KeyDeletedException">The session was deleted.</exception>
    public async ValueTask<SessionRow?> FindAsync(HttpContext context, string? id, CancellationToken cancellationToken)
    {
        if (!SessionId.TryParse(id, out var session))
        {
            return null;
        }

        foreach (var tenant in access.Tenants(context))
        {
            var name = new SessionRef(tenant, session);
            if (await catalog.FindSessionAsync(name, cancellationToken).ConfigureAwait(false) is { } row)
            {
                return row;
            }

            // A tombstone tells "gone" from "never there".
            await keys.FindAsync(DataKeyId.OfSession(name), cancellationToken).ConfigureAwait(false);
        }

        return null;
    }
}
