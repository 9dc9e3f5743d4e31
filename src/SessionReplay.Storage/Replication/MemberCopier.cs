namespace SessionReplay.Storage.Replication;

/// <summary>Copies objects from one member to another.</summary>
internal static class MemberCopier
{
    /// <summary>Copies an object as a stream.</summary>
    /// <exception cref="BlobNotFoundException">The source does not have it.</exception>
    /// <exception cref="BlobStoreUnavailableException">One of the two failed; the message says which.</exception>
    public static async ValueTask CopyAsync(Replica source, Replica target, string key, long length, CancellationToken cancellationToken)
    {
        var content = await source.CallAsync((store, token) => store.OpenReadAsync(key, 0, length, token), 0, cancellationToken)
            .ConfigureAwait(false);
        await using (content.ConfigureAwait(false))
        {
            await target.CallAsync((store, token) => store.PutAsync(key, content, length, token), length, cancellationToken)
                .ConfigureAwait(false);
        }
    }
}
