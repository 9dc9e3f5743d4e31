namespace SessionReplay.Keys;

/// <summary>The exception thrown when the key store cannot be reached; the call may be made again.</summary>
public sealed class KeyStoreUnavailableException : Exception
{
    /// <summary>Initializes a new instance of the <see cref="KeyStoreUnavailableException"/> class.</summary>
    /// <param name="message">What happened and how to fix it; never content, keys or tokens.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public KeyStoreUnavailableException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>
    /// Gets after what time the call may be made again, as far as it is known; <see langword="null"/> when it cannot.
    /// </summary>
    public TimeSpan? RetryAfter { get; init; }
}
