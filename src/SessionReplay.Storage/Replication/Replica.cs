using System.Runtime.CompilerServices;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SessionReplay.Storage.Replication;

/// <summary>A member: its store, and what is known of its state.</summary>
internal sealed class Replica(
    string name, IBlobStore store, HealthCheckService? health, ReplicatedStorageOptions options, TimeProvider clock)
{
    private const int BytesPerSecond = 1024 * 1024;

    private readonly long _born = clock.GetTimestamp();
    private long _suspendedUntil;
    private int _backlog;
    private int _missed;

    public string Name { get; } = name;

    public IBlobStore Store { get; } = store;

    public HealthCheckService? Health { get; } = health;

    /// <summary>Whether it failed a moment ago: then it is not written, and read last.</summary>
    public bool IsSuspended => clock.GetElapsedTime(_born).Ticks < Interlocked.Read(ref _suspendedUntil);

    /// <summary>Whether it is known to have missed something that it has not caught up: then it is read after the others.</summary>
    public bool IsBehind => Backlog > 0;

    /// <summary>How many missed operations are waiting for it, as of the last look.</summary>
    public int Backlog
    {
        get => Volatile.Read(ref _backlog);
        set => Volatile.Write(ref _backlog, value);
    }

    /// <summary>How many operations this process has noted for it since it was started.</summary>
    public int Missed => Volatile.Read(ref _missed);

    /// <summary>One more was noted.</summary>
    public void AddMissed()
    {
        Interlocked.Increment(ref _missed);
        Interlocked.Increment(ref _backlog);
    }

    /// <summary>Makes a call within the member's time. Every failure names the member and suspends it.</summary>
    /// <param name="call">The call.</param>
    /// <param name="bytes">How many bytes it transfers.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="BlobStoreUnavailableException">The member failed, or did not answer in time.</exception>
    public async ValueTask<T> CallAsync<T>(
        Func<IBlobStore, CancellationToken, ValueTask<T>> call, long bytes, CancellationToken cancellationToken)
    {
        var time = options.MemberTimeout + TimeSpan.FromSeconds((double)bytes / BytesPerSecond);
        using var limit = new CancellationTokenSource(time, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var result = await call(Store, either.Token).ConfigureAwait(false);
            Interlocked.Exchange(ref _suspendedUntil, 0);
            return result;
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failed($"it did not answer within {time}.", e);
        }
        catch (Exception e) when (e is BlobStoreUnavailableException or IOException)
        {
            throw Failed(e.Message, e);
        }
    }

    /// <summary>Makes a call without a result.</summary>
    /// <exception cref="BlobStoreUnavailableException">The member failed, or did not answer in time.</exception>
    public async ValueTask CallAsync(
        Func<IBlobStore, CancellationToken, ValueTask> call, long bytes, CancellationToken cancellationToken) =>
        await CallAsync(
            async (inner, token) =>
            {
                await call(inner, token).ConfigureAwait(false);
                return true;
            },
            bytes,
            cancellationToken).ConfigureAwait(false);

    /// <summary>Lists objects; each step has the member's time.</summary>
    /// <exception cref="BlobStoreUnavailableException">The member failed, or did not answer in time.</exception>
    public async IAsyncEnumerable<BlobInfo> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.MemberTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var blobs = Store.ListAsync(prefix, either.Token).GetAsyncEnumerator(either.Token);
        await using (blobs.ConfigureAwait(false))
        {
            while (true)
            {
                try
                {
                    limit.CancelAfter(options.MemberTimeout);
                    if (!await blobs.MoveNextAsync().ConfigureAwait(false))
                    {
                        yield break;
                    }
                }
                catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
                {
                    throw Failed($"it did not answer within {options.MemberTimeout}.", e);
                }
                catch (Exception e) when (e is BlobStoreUnavailableException or IOException)
                {
                    throw Failed(e.Message, e);
                }

                // What the reader does with an object is not the member's time.
                limit.CancelAfter(Timeout.InfiniteTimeSpan);
                yield return blobs.Current;
            }
        }
    }

    /// <summary>Finds an object in the listing.</summary>
    /// <exception cref="BlobStoreUnavailableException">The member failed, or did not answer in time.</exception>
    public async ValueTask<BlobInfo?> FindAsync(string key, CancellationToken cancellationToken)
    {
        await foreach (var blob in ListAsync(key, cancellationToken).ConfigureAwait(false))
        {
            if (blob.Key == key)
            {
                return blob;
            }
        }

        return null;
    }

    /// <summary>Suspends the member, and makes the error that names it.</summary>
    public BlobStoreUnavailableException Failed(string reason, Exception cause)
    {
        Interlocked.Exchange(ref _suspendedUntil, (clock.GetElapsedTime(_born) + options.RetryInterval).Ticks);
        Telemetry.MemberFailures.Add(1, new KeyValuePair<string, object?>("sessionreplay.storage.member", Name));
        return new($"Member '{Name}': {reason}", cause);
    }
}
