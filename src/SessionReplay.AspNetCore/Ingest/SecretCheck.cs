using SessionReplay.Keys;
using SessionReplay.Pipeline.Resilience;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>
/// Checks the secret of a session without making a key: what comes before the first batch must leave nothing if that never comes.
/// </summary>
internal sealed class SecretCheck([Guarded] IKeyStore keys)
{
    /// <summary>Checks the secret of a session that has begun; before that, any is taken.</summary>
    /// <exception cref="KeyDeletedException">The session was deleted.</exception>
    /// <exception cref="SessionSecretException">The session began with another secret.</exception>
    public async ValueTask ThrowIfOtherAsync(SessionRef session, SessionSecret secret, CancellationToken cancellationToken) =>
        await HasBegunAsync(session, secret, cancellationToken).ConfigureAwait(false);

    /// <returns>Whether the session has begun; of one that has not, nobody knows the secret yet.</returns>
    /// <exception cref="KeyDeletedException">The session was deleted.</exception>
    /// <exception cref="SessionSecretException">The session began with another secret.</exception>
    public async ValueTask<bool> HasBegunAsync(SessionRef session, SessionSecret secret, CancellationToken cancellationToken)
    {
        var entry = await keys.FindAsync(DataKeyId.OfSession(session), cancellationToken).ConfigureAwait(false);
        if (entry is not null && !secret.Matches(entry.SecretHash.Span))
        {
            throw new SessionSecretException(session);
        }

        return entry is not null;
    }
}
