namespace SessionReplay.Catalog;

/// <summary>
/// The exception thrown when a database is there and refuses what it was given. Another call with the same values fails too.
/// </summary>
public sealed class ValueRefusedException : Exception
{
    /// <summary>Initializes a new instance of the <see cref="ValueRefusedException"/> class.</summary>
    /// <param name="message">What was refused and by which rule; never content, keys or tokens.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public ValueRefusedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
