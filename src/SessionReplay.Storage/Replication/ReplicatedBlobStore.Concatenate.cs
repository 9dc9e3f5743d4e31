namespace SessionReplay.Storage.Replication;

/// <content>Concatenation inside the members that can, and set-up.</content>
internal sealed partial class ReplicatedBlobStore
{
    public async ValueTask<bool> TryConcatenateAsync(string key, IReadOnlyList<BlobSegment> segments, CancellationToken cancellationToken)
    {
        MissedOperations.ThrowIfUnexpected(key);
        ArgumentNullException.ThrowIfNull(segments);
        // One that is behind could join an older object of the same key.
        var able = _members.Where(member => member is { IsSuspended: false, IsBehind: false }).ToList();
        var joined = new List<Replica>();
        var errors = new Dictionary<Replica, Exception>();
        foreach (var (member, done, error) in await Task.WhenAll(
            able.Select(member => TryConcatenateAsync(member, key, segments, cancellationToken))).ConfigureAwait(false))
        {
            if (done)
            {
                joined.Add(member);
            }
            else if (error is not null)
            {
                errors[member] = error;
            }
        }

        if (joined.Count == 0)
        {
            return false;
        }

        await CopyToOthersAsync(key, segments.Sum(segment => segment.Length), joined, errors, cancellationToken).ConfigureAwait(false);
        await SettleAsync(MissedKind.Put, [key], joined, errors, _minCopies, cancellationToken).ConfigureAwait(false);
        return true;
    }

    public async ValueTask<IReadOnlyList<string>> SetUpAsync(IReadOnlyList<BlobRetentionRule> rules, CancellationToken cancellationToken)
    {
        var done = new List<string>();
        foreach (var member in _members)
        {
            try
            {
                var lines = await member.Store.SetUpAsync(rules, cancellationToken).ConfigureAwait(false);
                done.AddRange((lines.Count > 0 ? lines : ["nothing to set up."]).Select(line => $"{member.Name}: {line}"));
            }
            catch (NotSupportedException e)
            {
                // The others are set up all the same; how to do it by hand is for the operator to read.
                done.Add($"{member.Name}: {e.Message}");
            }
            catch (BlobStoreUnavailableException e)
            {
                throw new BlobStoreUnavailableException($"Member '{member.Name}': {e.Message}", e);
            }
        }

        return done;
    }

    private static async Task<(Replica Member, bool Done, Exception? Error)> TryConcatenateAsync(
        Replica member, string key, IReadOnlyList<BlobSegment> segments, CancellationToken cancellationToken)
    {
        try
        {
            var done = await member.CallAsync(
                (store, token) => store.TryConcatenateAsync(key, segments, token), segments.Sum(segment => segment.Length),
                cancellationToken)
                .ConfigureAwait(false);
            return (member, done, null);
        }
        catch (Exception e) when (e is BlobStoreUnavailableException or BlobNotFoundException)
        {
            return (member, false, e);
        }
    }

    /// <summary>Members that cannot join get the object from one that did; a member that fails is caught up later.</summary>
    private async ValueTask CopyToOthersAsync(
        string key, long length, List<Replica> joined, Dictionary<Replica, Exception> errors, CancellationToken cancellationToken)
    {
        var source = joined[0];
        foreach (var member in _members.Except(joined).Where(member => !member.IsSuspended).ToList())
        {
            try
            {
                await MemberCopier.CopyAsync(source, member, key, length, cancellationToken).ConfigureAwait(false);
                joined.Add(member);
            }
            catch (Exception e) when (e is BlobStoreUnavailableException or BlobNotFoundException)
            {
                errors[member] = e;
            }
        }
    }
}
