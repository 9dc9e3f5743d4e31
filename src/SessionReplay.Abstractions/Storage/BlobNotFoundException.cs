namespace SessionReplay.Storage;

/// <summary>The exception thrown when an object is not in the blob store.</summary>
/// <param name="key">The key.</param>
/// <param name="innerException">The store's own error, if there is one.</param>
public sealed class BlobNotFoundException(string key, Exception? innerException = null)
    : Exception($"There is no object '{key}' in the blob store.", innerException)
{
    /// <summary>Gets the key.</summary>
    public string Key { get; } = key;
}
