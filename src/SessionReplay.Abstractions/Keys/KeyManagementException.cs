namespace SessionReplay.Keys;

/// <summary>The exception thrown when a key management service cannot wrap or unwrap a key.</summary>
public sealed class KeyManagementException : Exception
{
    /// <summary>Initializes a new instance of the <see cref="KeyManagementException"/> class.</summary>
    /// <param name="message">What happened and how to fix it; never content, keys or tokens.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public KeyManagementException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>
    /// Gets whether the fault lies in this one wrapped key (unknown form, unknown key-encryption key, not authentic) and not in the
    /// service: trying again is of no use.
    /// </summary>
    public bool IsPermanent { get; init; }

    /// <summary>
    /// Gets after what time the call may be made again, as far as it is known; <see langword="null"/> when it cannot.
    /// </summary>
    public TimeSpan? RetryAfter { get; init; }
}
