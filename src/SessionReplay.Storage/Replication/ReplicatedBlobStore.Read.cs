namespace SessionReplay.Storage.Replication;

/// <content>Reading.</content>
internal sealed partial class ReplicatedBlobStore
{
    public async ValueTask<Stream> OpenReadAsync(string key, long offset, long? length, CancellationToken cancellationToken)
    {
        MissedOperations.ThrowIfUnexpected(key);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length ?? 0, nameof(length));
        var (stream, member) = await OpenAsync(key, offset, length, [], cancellationToken).ConfigureAwait(false);
        return new FailoverStream(this, key, offset, length, stream, member);
    }

    /// <remarks>
    /// The member that is read first and can make one. Nobody knows whether it has the object: a reader who does not find it there reads it
    /// through this process.
    /// </remarks>
    public async ValueTask<Uri?> TryPresignAsync(string key, DateTimeOffset expires, CancellationToken cancellationToken)
    {
        MissedOperations.ThrowIfUnexpected(key);
        BlobStoreUnavailableException? unavailable = null;
        foreach (var member in InReadingOrder())
        {
            try
            {
                if (await member.CallAsync((store, token) => store.TryPresignAsync(key, expires, token), 0, cancellationToken)
                    .ConfigureAwait(false) is { } url)
                {
                    return url;
                }
            }
            catch (BlobStoreUnavailableException e)
            {
                unavailable = e;
            }
        }

        return unavailable is null ? null : throw unavailable;
    }

    /// <summary>Opens a range on the first member that gives it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="offset">The first byte.</param>
    /// <param name="length">The number of bytes, or to the end.</param>
    /// <param name="failed">Members that failed this reading before; they are not asked again.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="BlobStoreUnavailableException">A member that may have the object could not be asked, and no other has
    /// it.</exception>
    internal async ValueTask<(Stream Stream, Replica Member)> OpenAsync(
        string key, long offset, long? length, IReadOnlyCollection<Replica> failed, CancellationToken cancellationToken)
    {
        BlobStoreUnavailableException? unavailable = null;
        Exception? refused = null;
        foreach (var member in InReadingOrder().Except(failed))
        {
            try
            {
                var stream = await member.CallAsync((store, token) => store.OpenReadAsync(key, offset, length, token), 0, cancellationToken)
                    .ConfigureAwait(false);
                if (unavailable is not null || refused is not null || failed.Count > 0)
                {
                    Telemetry.Failovers.Add(1);
                }

                if (unavailable is not null)
                {
                    Log.FailedOver(logger, member.Name, unavailable);
                }

                return (stream, member);
            }
            catch (BlobStoreUnavailableException e)
            {
                unavailable = e;
            }
            catch (Exception e) when (e is BlobNotFoundException or ArgumentOutOfRangeException)
            {
                // A member that has missed the object, or holds an older one, is not a reason to give up: another may have it.
                refused = refused is ArgumentOutOfRangeException ? refused : e;
            }
        }

        // What one member does not have another may, as long as not all could be asked.
        if (unavailable is not null || failed.Count > 0)
        {
            throw new BlobStoreUnavailableException(
                $"The object '{key}' could not be read from any member of the replicated store. {unavailable?.Message}", unavailable);
        }

        throw refused is ArgumentOutOfRangeException ? refused : new BlobNotFoundException(key, refused);
    }

    /// <summary>Says that a reading broke off.</summary>
    internal void Broken(Replica member, BlobStoreUnavailableException error) => Log.BrokeOff(logger, member.Name, error);
}
