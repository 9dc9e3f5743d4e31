using System.Runtime.CompilerServices;
using SessionReplay.Storage;

namespace SessionReplay.Pipeline.Resilience;

/// <summary>The blob store behind its pipeline.</summary>
internal sealed class GuardedBlobStore(IBlobStore inner, DependencyPipeline pipeline) : IBlobStore
{
    public ValueTask PutAsync(string key, Stream content, long length, CancellationToken cancellationToken) =>
        WriteAsync(
            (inner, key, content, length), static (call, token) => call.inner.PutAsync(call.key, call.content, call.length, token), content,
            length, cancellationToken);

    public ValueTask CreateAsync(string key, Stream content, long length, CancellationToken cancellationToken) =>
        WriteAsync(
            (inner, key, content, length), static (call, token) => call.inner.CreateAsync(call.key, call.content, call.length, token),
            content, length, cancellationToken);

    public async ValueTask<Stream> OpenReadAsync(string key, long offset, long? length, CancellationToken cancellationToken) =>
        new GuardedStream(
        await pipeline.RepeatAsync(
            (inner, key, offset, length),
            static (call, token) => call.inner.OpenReadAsync(call.key, call.offset, call.length, token),
            cancellationToken).ConfigureAwait(false),
        pipeline,
        key);

    /// <summary>Within its time alone: who signs is often not who stores, so its outcome says nothing of the store.</summary>
    public ValueTask<Uri?> TryPresignAsync(string key, DateTimeOffset expires, CancellationToken cancellationToken) =>
        pipeline.BoundAsync(
            (inner, key, expires), static (call, token) => call.inner.TryPresignAsync(call.key, call.expires, token), cancellationToken);

    public async IAsyncEnumerable<BlobInfo> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var listing = await pipeline.RepeatAsync(
            (inner, prefix, pipeline, cancellationToken),
            static (call, token) => GuardedListing.OpenAsync(call.inner, call.prefix, call.pipeline, call.cancellationToken, token),
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
        return pipeline.RepeatAsync(
            (inner, keys),
            static (call, token) => call.inner.DeleteAsync(call.keys, token),
            cancellationToken,
            pipeline.TransferTime(0) + TimeSpan.FromMilliseconds(100L * keys.Count));
    }

    public ValueTask<bool> TryConcatenateAsync(string key, IReadOnlyList<BlobSegment> segments, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(segments);
        return pipeline.RepeatAsync(
            (inner, key, segments),
            static (call, token) => call.inner.TryConcatenateAsync(call.key, call.segments, token),
            cancellationToken,
            pipeline.TransferTime(segments.Sum(segment => segment.Length)));
    }

    public ValueTask<IReadOnlyList<string>> SetUpAsync(IReadOnlyList<BlobRetentionRule> rules, CancellationToken cancellationToken) =>
        pipeline.OnceAsync(
            (inner, rules), static (call, token) => call.inner.SetUpAsync(call.rules, token), cancellationToken, pipeline.LongTime);

    /// <summary>
    /// Content that can be read again from where it stood is written again; other content is gone with the first attempt.
    /// </summary>
    private ValueTask WriteAsync<TState>(
        TState state, Func<TState, CancellationToken, ValueTask> write, Stream content, long length, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        return content.CanSeek
            ? pipeline.RepeatAsync(
                (state, write, content, start: content.Position),
                static (call, token) =>
                {
                    call.content.Position = call.start;
                    return call.write(call.state, token);
                },
                cancellationToken,
                pipeline.TransferTime(length))
            : pipeline.OnceAsync(state, write, cancellationToken, pipeline.TransferTime(length));
    }
}
