namespace SessionReplay.Ingest;

/// <summary>Knows the write keys. The default reads them from the configuration; register another to keep them elsewhere.</summary>
public interface IWriteKeyStore
{
    /// <summary>Finds a write key. Called for every request: an implementation that asks a server keeps a cache.</summary>
    /// <param name="key">What the page sent, at most 128 characters.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What the key stands for, or <see langword="null"/> when there is no such key.</returns>
    ValueTask<WriteKey?> FindAsync(string key, CancellationToken cancellationToken);
}
