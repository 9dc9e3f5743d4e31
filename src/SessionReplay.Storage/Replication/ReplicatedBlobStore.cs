using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SessionReplay.Storage.Replication;

/// <summary>
/// Keeps objects in several stores. A write or deletion is done by all members that can be reached and durably noted for those that cannot
/// (docs/adr/0003-replicated-storage.md); reads try one member after the other.
/// </summary>
internal sealed partial class ReplicatedBlobStore(
    ReplicaSet set, MissedOperations missedOperations, IOptions<ReplicatedStorageOptions> options, ILogger<ReplicatedBlobStore> logger)
        : IBlobStore
{
    private readonly IReadOnlyList<Replica> _members = set.Members;
    private readonly int _minCopies = options.Value.MinCopies;

    public ValueTask PutAsync(string key, Stream content, long length, CancellationToken cancellationToken) =>
        WriteAsync(
            key, content, length, static (store, key, copy, length, token) => store.PutAsync(key, copy, length, token), cancellationToken);

    public ValueTask CreateAsync(string key, Stream content, long length, CancellationToken cancellationToken) =>
        WriteAsync(
            key, content, length, static (store, key, copy, length, token) => store.CreateAsync(key, copy, length, token),
            cancellationToken);

    private async ValueTask WriteAsync(
        string key, Stream content, long length, Func<IBlobStore, string, Stream, long, CancellationToken, ValueTask> write,
        CancellationToken cancellationToken)
    {
        MissedOperations.ThrowIfUnexpected(key);
        ArgumentNullException.ThrowIfNull(content);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        var spool = await Spool.ReadAsync(content, length, cancellationToken).ConfigureAwait(false);
        await using (spool.ConfigureAwait(false))
        {
            await DoAsync(
                MissedKind.Put,
                [key],
                async (store, token) =>
                {
                    var copy = spool.Open();
                    await using (copy.ConfigureAwait(false))
                    {
                        await write(store, key, copy, length, token).ConfigureAwait(false);
                    }
                },
                length,
                _minCopies,
                cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(keys);
        foreach (var key in keys)
        {
            MissedOperations.ThrowIfUnexpected(key);
        }

        if (keys.Count > 0)
        {
            await DoAsync(MissedKind.Delete, keys, (store, token) => store.DeleteAsync(keys, token), 0, 1, cancellationToken)
                .ConfigureAwait(false);
        }
    }

    /// <remarks>
    /// What any member holds is listed: an object that only one of them got, because a process died between the members, is found and
    /// deleted with the rest. The keys of one listing are held in memory.
    /// </remarks>
    public async IAsyncEnumerable<BlobInfo> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var whole = 0;
        BlobStoreUnavailableException? error = null;
        foreach (var member in InReadingOrder())
        {
            var blobs = member.ListAsync(prefix, cancellationToken).GetAsyncEnumerator(cancellationToken);
            await using (blobs.ConfigureAwait(false))
            {
                while (true)
                {
                    try
                    {
                        if (!await blobs.MoveNextAsync().ConfigureAwait(false))
                        {
                            whole++;
                            break;
                        }
                    }
                    catch (BlobStoreUnavailableException e)
                    {
                        error = e;
                        Log.ListingFailed(logger, e);
                        break;
                    }

                    if (!blobs.Current.Key.StartsWith(MissedOperations.Prefix, StringComparison.Ordinal) && seen.Add(blobs.Current.Key))
                    {
                        yield return blobs.Current;
                    }
                }
            }
        }

        if (whole == 0)
        {
            throw new BlobStoreUnavailableException("No member of the replicated store could be listed.", error);
        }
    }

    /// <summary>
    /// The members that did not fail a moment ago first, and among them those that have missed nothing; else as configured.
    /// </summary>
    private IEnumerable<Replica> InReadingOrder() => _members.OrderBy(member => member.IsSuspended).ThenBy(member => member.IsBehind);

    /// <summary>Does an operation on every member that can be reached, and notes it for the others.</summary>
    private async ValueTask DoAsync(
        MissedKind kind, IReadOnlyCollection<string> keys, Func<IBlobStore, CancellationToken, ValueTask> call, long bytes, int needed,
        CancellationToken cancellationToken)
    {
        var done = new List<Replica>();
        var errors = new Dictionary<Replica, Exception>();
        // One that failed a moment ago is asked only when there are too few without it.
        foreach (var group in _members.GroupBy(member => member.IsSuspended).OrderBy(group => group.Key))
        {
            if (group.Key && done.Count >= needed)
            {
                continue;
            }

            foreach (var (member, error) in await Task.WhenAll(group.Select(member => TryAsync(member, call, bytes, cancellationToken)))
                .ConfigureAwait(false))
            {
                if (error is null)
                {
                    done.Add(member);
                }
                else
                {
                    errors[member] = error;
                }
            }
        }

        await SettleAsync(kind, keys, done, errors, needed, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask SettleAsync(
        MissedKind kind, IReadOnlyCollection<string> keys, List<Replica> done, Dictionary<Replica, Exception> errors, int needed,
        CancellationToken cancellationToken)
    {
        var missed = _members.Except(done).ToList();
        if (done.Count > 0 && missed.Count > 0)
        {
            await missedOperations.AddAsync(kind, missed, done, keys, cancellationToken).ConfigureAwait(false);
            foreach (var member in missed)
            {
                Log.Missed(logger, member.Name, kind == MissedKind.Put ? "write" : "deletion", errors.GetValueOrDefault(member));
            }
        }

        if (done.Count < needed)
        {
            throw new BlobStoreUnavailableException(
                $"{done.Count} of {_members.Count} members of the replicated store confirmed, {needed} must. {string.Join(' ', errors.Values.Select(e => e.Message))}",
                errors.Values.FirstOrDefault());
        }
    }

    private static async Task<(Replica Member, Exception? Error)> TryAsync(
        Replica member, Func<IBlobStore, CancellationToken, ValueTask> call, long bytes, CancellationToken cancellationToken)
    {
        try
        {
            await member.CallAsync(call, bytes, cancellationToken).ConfigureAwait(false);
            return (member, null);
        }
        catch (BlobStoreUnavailableException e)
        {
            return (member, e);
        }
    }
}
