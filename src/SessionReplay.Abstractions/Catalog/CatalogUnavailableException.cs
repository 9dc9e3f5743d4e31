namespace SessionReplay.Catalog;

/// <summary>The exception thrown when the catalog cannot be reached; the call may be made again.</summary>
public sealed class CatalogUnavailableException : Exception
{
    /// <summary>Initializes a new instance of the <see cref="CatalogUnavailableException"/> class.</summary>
    /// <param name="message">What happened and how to fix it; never content, keys or tokens.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public CatalogUnavailableException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>
    /// Gets after what time the call may be made again, as far as it is known; <see langword="null"/> when it cannot.
    /// </summary>
    public TimeSpan? RetryAfter { get; init; }
}
