using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SessionReplay.Storage.Replication;

/// <summary>
/// Catches members up by the notes that the others keep: deletions first, so that nothing that was deleted is ever a source; then copies.
/// Any number of processes may run it, and it may be stopped anywhere: what is not done is still noted.
/// </summary>
internal sealed partial class Reconciler(
    ReplicaSet set, MissedOperations missed, IOptions<ReplicatedStorageOptions> options, TimeProvider clock, ILogger<Reconciler> logger)
{
    private const int NotesInOnePass = 500;
    private const int CopiesAtOnce = 8;

    private readonly ConcurrentDictionary<string, CopiedNote> _copied = new(StringComparer.Ordinal);

    /// <summary>Makes one pass.</summary>
    /// <returns>Whether more can be done at once; else the next pass is due after the interval.</returns>
    /// <exception cref="BlobStoreUnavailableException">A member failed; what was not done is done later.</exception>
    public async ValueTask<bool> RunAsync(CancellationToken cancellationToken)
    {
        var notes = await LookAsync(cancellationToken).ConfigureAwait(false);
        var deletions = notes.Where(note => note.Kind == MissedKind.Delete).ToList();
        if (deletions.Count > 0)
        {
            // None left before anything is copied.
            return await ForEachAsync(deletions.Take(NotesInOnePass), DeleteAsync, cancellationToken).ConfigureAwait(false) > 0;
        }

        var due =
            notes.Where(
                note => !_copied.TryGetValue(note.Key, out var copied)
                || clock.GetElapsedTime(copied.At) >= options.Value.ReconcileInterval)
            .OrderBy(note => note.Id).Take(NotesInOnePass).ToList();
        var done = await ForEachAsync(due, CopyOrConfirmAsync, cancellationToken).ConfigureAwait(false);
        return due.Count == NotesInOnePass && done > 0;
    }

    private async ValueTask DeleteAsync(MissedNote note, string[] keys, Replica target, CancellationToken cancellationToken)
    {
        var dead = new List<string>(keys.Length);
        foreach (var key in keys)
        {
            // Written again after the deletion: then the member has it from that write, or a note of its own.
            if (await note.Holder.FindAsync(key, cancellationToken).ConfigureAwait(false) is null
                && !await missed.HasLaterPutAsync(key, note.Id, cancellationToken).ConfigureAwait(false))
            {
                dead.Add(key);
            }
        }

        await target.CallAsync((store, token) => store.DeleteAsync(dead, token), 0, cancellationToken).ConfigureAwait(false);
        await missed.RemoveAsync(note, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Copies a note's objects; at a later pass looks whether they are still there and the same, and only then removes the note: a deletion
    /// or a write that came while a copy was on its way is thereby seen.
    /// </summary>
    private async ValueTask CopyOrConfirmAsync(MissedNote note, string[] keys, Replica target, CancellationToken cancellationToken)
    {
        if (note.Kind == MissedKind.Put && await missed.HasLaterPutAsync(keys[0], note.Id, cancellationToken).ConfigureAwait(false))
        {
            await missed.RemoveAsync(note, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (_copied.TryRemove(note.Key, out var earlier)
            && await IsUnchangedAsync(note.Holder, target, earlier.Copied, cancellationToken).ConfigureAwait(false))
        {
            await missed.RemoveAsync(note, cancellationToken).ConfigureAwait(false);
            return;
        }

        var copied = await CopyMissingAsync(note, keys, target, cancellationToken).ConfigureAwait(false);
        if (copied.Count == 0)
        {
            await missed.RemoveAsync(note, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            _copied[note.Key] = new(clock.GetTimestamp(), copied);
        }
    }

    /// <summary>Copies the objects that the target does not have as the holder has them, and deletes those that are deleted.</summary>
    /// <returns>What was copied.</returns>
    private async ValueTask<List<BlobInfo>> CopyMissingAsync(
        MissedNote note, string[] keys, Replica target, CancellationToken cancellationToken)
    {
        var copied = new List<BlobInfo>();
        var gone = new List<string>();
        foreach (var key in keys)
        {
            var held = await note.Holder.FindAsync(key, cancellationToken).ConfigureAwait(false);
            if (held is not null
                && (note.Kind == MissedKind.Put
                || (await target.FindAsync(key, cancellationToken).ConfigureAwait(false))?.Length != held.Length))
            {
                await MemberCopier.CopyAsync(note.Holder, target, key, held.Length, cancellationToken).ConfigureAwait(false);
                copied.Add(held);

                // Checked at once as well: another process may have dropped the note for a deletion that came while the copy was on its
                // way.
                held = await note.Holder.FindAsync(key, cancellationToken).ConfigureAwait(false);
            }

            // A copy of a process that has ended since, or a write that arrived after its time was up, must not outlive the deletion.
            if (held is null && await IsDeletedAsync(key, note, target, cancellationToken).ConfigureAwait(false))
            {
                gone.Add(key);
            }
        }

        if (gone.Count > 0)
        {
            await target.CallAsync((store, token) => store.DeleteAsync(gone, token), 0, cancellationToken).ConfigureAwait(false);
        }

        return copied;
    }

    /// <summary>
    /// An object that its note's holder does not have was deleted, unless a member has it that the note is not about, or a later write of
    /// it was missed.
    /// </summary>
    private async ValueTask<bool> IsDeletedAsync(string key, MissedNote note, Replica target, CancellationToken cancellationToken)
    {
        foreach (var member in set.Members.Where(member => member != target && member != note.Holder))
        {
            if (await member.FindAsync(key, cancellationToken).ConfigureAwait(false) is not null)
            {
                return false;
            }
        }

        return !await missed.HasLaterPutAsync(key, note.Id, cancellationToken).ConfigureAwait(false);
    }

    private static async ValueTask<bool> IsUnchangedAsync(
        Replica source, Replica target, IReadOnlyList<BlobInfo> copied, CancellationToken cancellationToken)
    {
        var unchanged = true;
        foreach (var blob in copied)
        {
            var held = await source.FindAsync(blob.Key, cancellationToken).ConfigureAwait(false);
            if (held is null)
            {
                // Deleted while the copy was on its way: the copy may have come after the deletion.
                await target.CallAsync((store, token) => store.DeleteAsync([blob.Key], token), 0, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                unchanged &= held == blob
                    && (await target.FindAsync(blob.Key, cancellationToken).ConfigureAwait(false))?.Length == blob.Length;
            }
        }

        return unchanged;
    }

    /// <summary>Works on some notes at once. One whose object or note has gone is retried in the next pass.</summary>
    /// <returns>How many are done.</returns>
    private async ValueTask<int> ForEachAsync(
        IEnumerable<MissedNote> notes, Func<MissedNote, string[], Replica, CancellationToken, ValueTask> work,
        CancellationToken cancellationToken)
    {
        var done = 0;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = CopiesAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(notes, parallel, async (note, token) =>
        {
            try
            {
                var keys = await MissedOperations.ReadAsync(note, token).ConfigureAwait(false);
                await work(note, keys, set.Members.First(member => member.Name == note.Member), token).ConfigureAwait(false);
                Interlocked.Increment(ref done);
            }
            catch (Exception e) when (e is BlobNotFoundException or ArgumentOutOfRangeException)
            {
                // The latter: it was replaced by a shorter one between the look and the reading.
                Log.NoteGone(logger, e);
            }
        }).ConfigureAwait(false);
        return done;
    }
}
