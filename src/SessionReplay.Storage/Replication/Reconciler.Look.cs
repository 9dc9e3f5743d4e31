namespace SessionReplay.Storage.Replication;

/// <content>Finding what is to be done.</content>
internal sealed partial class Reconciler
{
    /// <summary>How many notes of a kind are counted, and held in memory, at once.</summary>
    private const int MaxNotes = 10_000;
    private const int KeysInASeed = 1000;

    /// <summary>
    /// Lists the notes of all members. While one cannot be listed nothing is done: it may hold the very note that says an object was
    /// deleted.
    /// </summary>
    private async ValueTask<IReadOnlyList<MissedNote>> LookAsync(CancellationToken cancellationToken)
    {
        var notes = new Dictionary<string, MissedNote>(StringComparer.Ordinal);
        var unjoined = new List<Replica>();
        BlobStoreUnavailableException? error = null;
        var missedBefore = set.Members.ToDictionary(member => member, member => member.Missed);
        foreach (var holder in set.Members)
        {
            try
            {
                if (!await CollectAsync(holder, notes, cancellationToken).ConfigureAwait(false))
                {
                    unjoined.Add(holder);
                }
            }
            catch (BlobStoreUnavailableException e)
            {
                error = e;
            }
        }

        RecordBacklogs(notes, missedBefore, error is null);
        if (error is not null)
        {
            throw error;
        }

        foreach (var key in _copied.Keys.Where(key => !notes.ContainsKey(key)))
        {
            _copied.TryRemove(key, out _);
        }

        foreach (var member in unjoined)
        {
            await JoinAsync(member, cancellationToken).ConfigureAwait(false);
        }

        // Notes of a member that was taken out of the configuration wait until it is back, or the operator deletes them.
        return [.. notes.Values.Where(note => set.Members.Any(member => member.Name == note.Member))];
    }

    private void RecordBacklogs(Dictionary<string, MissedNote> notes, Dictionary<Replica, int> missedBefore, bool isComplete)
    {
        foreach (var member in set.Members)
        {
            // What was noted during the look may have come after its holder was listed.
            var backlog = notes.Values.Count(note => note.Member == member.Name) + member.Missed - missedBefore[member];
            if (backlog == 0 && isComplete && member.IsBehind)
            {
                Log.CaughtUp(logger, member.Name);
            }

            // A member that could not be listed may hold notes about the others: what was known stays.
            member.Backlog = isComplete ? backlog : Math.Max(backlog, member.Backlog);
            Telemetry.Backlog.Record(member.Backlog, new KeyValuePair<string, object?>("sessionreplay.storage.member", member.Name));
        }
    }

    /// <returns>Whether the holder has notes of all that was there before it.</returns>
    private async ValueTask<bool> CollectAsync(Replica holder, Dictionary<string, MissedNote> notes, CancellationToken cancellationToken)
    {
        // Deletions apart: they must be known before anything is copied, however long the rest is.
        foreach (var member in set.Members)
        {
            await TakeAsync($"{MissedOperations.Prefix}{member.Name}/delete/").ConfigureAwait(false);
            await TakeAsync($"{MissedOperations.Prefix}{member.Name}/put/").ConfigureAwait(false);
            await TakeAsync($"{MissedOperations.Prefix}{member.Name}/seed/").ConfigureAwait(false);
        }

        return await holder.FindAsync(MissedOperations.JoinedKey, cancellationToken).ConfigureAwait(false) is not null;

        async ValueTask TakeAsync(string prefix)
        {
            var taken = 0;
            await foreach (var blob in holder.ListAsync(prefix, cancellationToken).ConfigureAwait(false))
            {
                if (MissedNote.Parse(blob.Key, holder) is { } note)
                {
                    notes.TryAdd(note.Key, note);
                }

                if (++taken == MaxNotes)
                {
                    return;
                }
            }
        }
    }

    /// <summary>A member that is new, or whose store was replaced, is to get what the others hold.</summary>
    private async ValueTask JoinAsync(Replica member, CancellationToken cancellationToken)
    {
        long count = 0;
        foreach (var source in set.Members.Where(other => other != member))
        {
            var keys = new List<string>(KeysInASeed);
            await foreach (var blob in source.ListAsync(string.Empty, cancellationToken).ConfigureAwait(false))
            {
                if (blob.Key.StartsWith(MissedOperations.Prefix, StringComparison.Ordinal))
                {
                    continue;
                }

                count++;
                keys.Add(blob.Key);
                if (keys.Count == KeysInASeed)
                {
                    await missed.AddAsync(MissedKind.Seed, [member], [source], keys, cancellationToken).ConfigureAwait(false);
                    keys.Clear();
                }
            }

            if (keys.Count > 0)
            {
                await missed.AddAsync(MissedKind.Seed, [member], [source], keys, cancellationToken).ConfigureAwait(false);
            }
        }

        await member.CallAsync((store, token) => store.PutAsync(MissedOperations.JoinedKey, Stream.Null, 0, token), 0, cancellationToken)
            .ConfigureAwait(false);
        if (count > 0)
        {
            Log.Joined(logger, member.Name, count);
        }
    }
}
