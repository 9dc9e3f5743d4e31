using System.Security.Cryptography;
using System.Text;

namespace SessionReplay.Storage.Replication;

/// <summary>
/// Keeps durable notes of what members missed, as small objects of the members that did not miss it: an operation is not confirmed before
/// its note is.
/// </summary>
internal sealed class MissedOperations(ReplicaSet set, TimeProvider clock)
{
    /// <summary>The store's own keys begin with it; no tenant's do.</summary>
    public const string Prefix = "_replication/";

    /// <summary>On a member that has notes of all objects that were there before it.</summary>
    public const string JoinedKey = Prefix + "joined";

    private const int MaxKeys = 1000;
    private const int MaxNoteBytes = MaxKeys * (BlobKey.MaxLength + 1);

    /// <summary>Notes an operation for the members that missed it.</summary>
    /// <exception cref="BlobStoreUnavailableException">No member that did the operation keeps a note of it.</exception>
    public async ValueTask AddAsync(
        MissedKind kind, IReadOnlyCollection<Replica> missed, IReadOnlyCollection<Replica> holders, IReadOnlyCollection<string> keys,
        CancellationToken cancellationToken)
    {
        foreach (var some in keys.Chunk(MaxKeys))
        {
            // One id for all members: their notes are of one operation, none of them is the later.
            var id = Guid.CreateVersion7(clock.GetUtcNow());
            foreach (var member in missed)
            {
                await AddAsync(NoteKey(kind, member.Name, some[0], id), some, holders, cancellationToken).ConfigureAwait(false);
                member.AddMissed();
                Telemetry.Missed.Add(1, new KeyValuePair<string, object?>("sessionreplay.storage.member", member.Name));
            }
        }
    }

    /// <summary>Reads which objects a note is about.</summary>
    /// <exception cref="BlobNotFoundException">The note is gone: another process has dealt with it.</exception>
    public static ValueTask<string[]> ReadAsync(MissedNote note, CancellationToken cancellationToken) => note.Holder.CallAsync(
        async (store, token) =>
        {
            var stream = await store.OpenReadAsync(note.Key, 0, null, token).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                var buffer = new byte[MaxNoteBytes];
                var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, token).ConfigureAwait(false);
                return Encoding.ASCII.GetString(buffer, 0, length).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            }
        },
        0,
        cancellationToken);

    /// <summary>Removes a note wherever it is kept.</summary>
    public async ValueTask RemoveAsync(MissedNote note, CancellationToken cancellationToken)
    {
        foreach (var member in set.Members)
        {
            await member.CallAsync((store, token) => store.DeleteAsync([note.Key], token), 0, cancellationToken).ConfigureAwait(false);
        }

        Telemetry.CaughtUp.Add(1, new KeyValuePair<string, object?>("sessionreplay.storage.member", note.Member));
    }

    /// <summary>
    /// Returns whether a member missed a later write of an object. The notes of that write then decide about the object.
    /// </summary>
    public async ValueTask<bool> HasLaterPutAsync(string key, Guid id, CancellationToken cancellationToken)
    {
        foreach (var holder in set.Members)
        {
            foreach (var member in set.Members)
            {
                await foreach (var blob in holder.ListAsync(PutPrefix(member.Name, key), cancellationToken).ConfigureAwait(false))
                {
                    if (MissedNote.Parse(blob.Key, holder) is { } note && note.IsLaterThan(id))
                    {
                        return true;
                    }
                }
            }
        }

        return false;
    }

    /// <summary>Throws when a key is not the application's.</summary>
    /// <exception cref="ArgumentException">The key is malformed, or begins with the prefix of the store's own.</exception>
    public static void ThrowIfUnexpected(string key)
    {
        BlobKey.ThrowIfInvalid(key);
        if (key.StartsWith(Prefix, StringComparison.Ordinal))
        {
            throw new ArgumentException($"Keys that begin with '{Prefix}' are the store's own.", nameof(key));
        }
    }

    private static string NoteKey(MissedKind kind, string member, string key, Guid id) => kind switch
    {
        MissedKind.Put => $"{PutPrefix(member, key)}{id:N}",
        MissedKind.Seed => $"{Prefix}{member}/seed/{id:N}",
        _ => $"{Prefix}{member}/delete/{id:N}",
    };

    private static string PutPrefix(string member, string key) =>
        $"{Prefix}{member}/put/{Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(key)).AsSpan(0, 16))}/";

    private static async ValueTask AddAsync(
        string noteKey, IEnumerable<string> keys, IReadOnlyCollection<Replica> holders, CancellationToken cancellationToken)
    {
        var content = Encoding.ASCII.GetBytes(string.Join('\n', keys));
        var errors = await Task.WhenAll(holders.Select(async holder =>
        {
            try
            {
                await holder.CallAsync(
                    (store, token) => store.PutAsync(noteKey, new MemoryStream(content, writable: false), content.Length, token),
                    content.Length, cancellationToken)
                    .ConfigureAwait(false);
                return null;
            }
            catch (BlobStoreUnavailableException e)
            {
                return e;
            }
        })).ConfigureAwait(false);
        if (Array.TrueForAll(errors, error => error is not null))
        {
            throw new BlobStoreUnavailableException(
                "No member of the replicated store could keep a note of what another missed.", errors[0]);
        }
    }
}
