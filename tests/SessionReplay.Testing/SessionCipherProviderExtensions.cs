using SessionReplay.Keys;

namespace SessionReplay.Testing;

/// <summary>Short forms for <see cref="ISessionCipherProvider"/>.</summary>
public static class SessionCipherProviderExtensions
{
    /// <summary>Gets the cipher to seal with, and lets every session begin.</summary>
    /// <param name="provider">The provider.</param>
    /// <param name="session">The session.</param>
    /// <param name="secret">The session's secret.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The cipher; dispose it after use.</returns>
    public static ValueTask<ISessionCipher> GetOrCreateAsync(
        this ISessionCipherProvider provider, SessionRef session, SessionSecret secret, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(provider);
        return provider.GetOrCreateAsync(session, secret, static () => ValueTask.CompletedTask, cancellationToken);
    }
}
