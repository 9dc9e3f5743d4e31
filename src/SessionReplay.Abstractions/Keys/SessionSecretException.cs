namespace SessionReplay.Keys;

/// <summary>The exception thrown when a session's secret is another than the one its first batch brought (HTTP 403).</summary>
public sealed class SessionSecretException : Exception
{
    /// <summary>Initializes a new instance of the <see cref="SessionSecretException"/> class.</summary>
    /// <param name="session">The session.</param>
    public SessionSecretException(SessionRef session)
        : base($"The secret is not that of session {session}.") => Session = session;

    /// <summary>Gets the session.</summary>
    public SessionRef Session { get; }
}
