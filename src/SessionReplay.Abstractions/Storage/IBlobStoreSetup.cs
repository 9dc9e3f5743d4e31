namespace SessionReplay.Storage;

/// <summary>Implemented by a blob store whose bucket or container an operator can set up. Never called while recordings are served or written.</summary>
public interface IBlobStoreSetup
{
    /// <summary>
    /// Makes the bucket or container if there is none, and replaces the retention rules that were set up before by the given ones.
    /// The rules are a second line of defence behind the retention of the application, which deletes keys and rows too.
    /// </summary>
    /// <param name="rules">The rules; empty removes them.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What was done, one line each, for the operator to read.</returns>
    /// <exception cref="BlobStoreUnavailableException">The store did not confirm.</exception>
    /// <exception cref="NotSupportedException">The store cannot apply rules; the message says how to set them up by hand.</exception>
    ValueTask<IReadOnlyList<string>> SetUpAsync(IReadOnlyList<BlobRetentionRule> rules, CancellationToken cancellationToken);
}
