
namespace SessionReplay.Keys;

/// <summary>The field protectors of several sessions of one tenant.</summary>
public interface IFieldProtectors : IDisposable
{
    /// <summary>Gets the protector of a session.</summary>
    /// <param name="session">One of the sessions that were asked for.</param>
    /// <returns>The protector; it is valid until this is disposed.</returns>
    /// <exception cref="KeyDeletedException">The session was deleted, or never had a key.</exception>
    /// <exception cref="FormatRejectedException">The session's facts key is damaged.</exception>
    IFieldProtector Of(SessionId session);
}
