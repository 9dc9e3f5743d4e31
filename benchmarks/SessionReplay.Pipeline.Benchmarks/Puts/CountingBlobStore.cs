using SessionReplay.Storage;

namespace SessionReplay.Pipeline.Benchmarks.Puts;

/// <summary>Counts calls to a store that has no protocol.</summary>
internal sealed class CountingBlobStore(IBlobStore inner, StoreCounts counts) : IBlobStore
{
    public ValueTask PutAsync(string key, Stream content, long length, CancellationToken cancellationToken)
    {
        counts.Add(OperationClass.Write);
        return inner.PutAsync(key, content, length, cancellationToken);
    }

    public ValueTask CreateAsync(string key, Stream content, long length, CancellationToken cancellationToken)
    {
        counts.Add(OperationClass.Write);
        return inner.CreateAsync(key, content, length, cancellationToken);
    }

    public ValueTask<Stream> OpenReadAsync(string key, long offset, long? length, CancellationToken cancellationToken)
    {
        counts.Add(OperationClass.Read);
        return inner.OpenReadAsync(key, offset, length, cancellationToken);
    }

    public IAsyncEnumerable<BlobInfo> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        counts.Add(OperationClass.List);
        return inner.ListAsync(prefix, cancellationToken);
    }

    public ValueTask DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        counts.Add(OperationClass.Delete);
        return inner.DeleteAsync(keys, cancellationToken);
    }
}
