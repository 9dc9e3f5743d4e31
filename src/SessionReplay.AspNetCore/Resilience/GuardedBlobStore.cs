using System.Runtime.CompilerServices;
using SessionReplay.Storage;

namespace SessionReplay.AspNetCore.Resilience;

/// <summary>The blob store behind its circuit.</summary>
internal class GuardedBlobStore : IBlobStore
{
    protected GuardedBlobStore(IBlobStore inner, Circuit circuit) => (Inner, Circuit) = (inner, circuit);

    protected IBlobStore Inner { get; }

    protected Circuit Circuit { get; }

    /// <summary>Guards a store; the result can do what the store can, and no more.</summary>
    public static GuardedBlobStore Create(IBlobStore inner, Circuit circuit) => inner switch
    {
        IBlobConcatenator and IBlobStoreSetup => new GuardedFullBlobStore(inner, circuit),
        IBlobConcatenator => new GuardedConcatenatingBlobStore(inner, circuit),
        IBlobStoreSetup => new GuardedSetupBlobStore(inner, circuit),
        _ => new GuardedBlobStore(inner, circuit),
    };

    public ValueTask PutAsync(string key, Stream content, long length, CancellationToken cancellationToken) =>
        WriteAsync(
            (Inner, key, content, length), static (call, token) => call.Inner.PutAsync(call.key, call.content, call.length, token), content, length, cancellationToken);

    public ValueTask CreateAsync(string key, Stream content, long length, CancellationToken cancellationToken) =>
        WriteAsync(
            (Inner, key, content, length), static (call, token) => call.Inner.CreateAsync(call.key, call.content, call.length, token), content, length, cancellationToken);

    public async ValueTask<Stream> OpenReadAsync(string key, long offset, long? length, CancellationToken cancellationToken) => new GuardedStream(
        await Circuit.RepeatAsync(
            (Inner, key, offset, length),
            static (call, token) => call.Inner.OpenReadAsync(call.key, call.offset, call.length, token),
            cancellationToken).ConfigureAwait(false),
        Circuit,
        key);

    public async IAsyncEnumerable<BlobInfo> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var listing = await Circuit.RepeatAsync(
            (Inner, prefix, Circuit, cancellationToken),
            static (call, token) => GuardedListing.OpenAsync(call.Inner, call.prefix, call.Circuit, call.cancellationToken, token),
            cancellationToken).ConfigureAwait(false);
        await using (listing.ConfigureAwait(false))
        {
            while (listing.HasCurrent)
            {
                yield return listing.Current;
                await listing.MoveNextAsync().ConfigureAwait(false);
            }
        }
    }

    public ValueTask DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(keys);
        // Some stores delete one by one.
        return Circuit.RepeatAsync(
            (Inner, keys),
            static (call, token) => call.Inner.DeleteAsync(call.keys, token),
            cancellationToken,
            Circuit.TransferTime(0) + TimeSpan.FromMilliseconds(100L * keys.Count));
    }

    protected ValueTask<bool> ConcatenateAsync(string key, IReadOnlyList<BlobSegment> segments, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(segments);
        return Circuit.RepeatAsync(
            (concatenator: (IBlobConcatenator)Inner, key, segments),
            static (call, token) => call.concatenator.TryConcatenateAsync(call.key, call.segments, token),
            cancellationToken,
            Circuit.TransferTime(segments.Sum(segment => segment.Length)));
    }

    protected ValueTask<IReadOnlyList<string>> SetUpStoreAsync(IReadOnlyList<BlobRetentionRule> rules, CancellationToken cancellationToken) => Circuit.OnceAsync(
        (setup: (IBlobStoreSetup)Inner, rules), static (call, token) => call.setup.SetUpAsync(call.rules, token), cancellationToken, Circuit.LongTime);

    /// <summary>Content that can be read again from where it stood is written again; other content is gone with the first attempt.</summary>
    private ValueTask WriteAsync<TState>(
        TState state, Func<TState, CancellationToken, ValueTask> write, Stream content, long length, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        return content.CanSeek
            ? Circuit.RepeatAsync(
                (state, write, content, start: content.Position),
                static (call, token) =>
                {
                    call.content.Position = call.start;
                    return call.write(call.state, token);
                },
                cancellationToken,
                Circuit.TransferTime(length))
            : Circuit.OnceAsync(state, write, cancellationToken, Circuit.TransferTime(length));
    }
}
