using System.Runtime.CompilerServices;
using SessionReplay.Storage;

namespace SessionReplay.Pipeline.Benchmarks.Puts;

/// <summary>
/// Counts what an S3 would be asked for: a list request for each 1,000 objects, a delete request for each 1,000 keys. For objects that
/// several sessions share it stands in for what a real layout would need: they are deleted when the last of their sessions lets go of them.
/// </summary>
internal sealed class CountingBlobStore(IBlobStore inner, SharedParts? shared) : IBlobStore
{
    private const int PageSize = 1_000;

    public StoreCounts Counts { get; set; } = new();

    public async ValueTask PutAsync(string key, Stream content, long length, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref Counts.Puts);
        Interlocked.Add(ref Counts.PutBytes, length);
        await inner.PutAsync(key, content, length, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask CreateAsync(string key, Stream content, long length, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref Counts.Puts);
        Interlocked.Add(ref Counts.PutBytes, length);
        await inner.CreateAsync(key, content, length, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<Stream> OpenReadAsync(string key, long offset, long? length, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref Counts.Gets);
        return await inner.OpenReadAsync(key, offset, length, cancellationToken).ConfigureAwait(false);
    }

    public async IAsyncEnumerable<BlobInfo> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var listed = 0;
        Interlocked.Increment(ref Counts.Lists);
        await foreach (var blob in inner.ListAsync(prefix, cancellationToken).ConfigureAwait(false))
        {
            if (++listed % PageSize == 0)
            {
                Interlocked.Increment(ref Counts.Lists);
            }

            yield return blob;
        }
    }

    public async ValueTask DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        var last = shared is null ? keys : [.. keys.Where(shared.Release)];
        if (last.Count > 0)
        {
            Interlocked.Add(ref Counts.Deletes, (last.Count + PageSize - 1) / PageSize);
            await inner.DeleteAsync(last, cancellationToken).ConfigureAwait(false);
        }
    }
}
