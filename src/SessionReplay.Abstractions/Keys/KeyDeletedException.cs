namespace SessionReplay.Keys;

/// <summary>The exception thrown when a data key is gone for ever: what it sealed cannot be read again (HTTP 410).</summary>
public sealed class KeyDeletedException : Exception
{
    /// <summary>Initializes a new instance of the <see cref="KeyDeletedException"/> class.</summary>
    /// <param name="id">The key's name.</param>
    public KeyDeletedException(DataKeyId id)
        : base($"The key {id} was deleted; what it sealed is gone.") => Id = id;

    /// <summary>Gets the key's name.</summary>
    public DataKeyId Id { get; }
}
