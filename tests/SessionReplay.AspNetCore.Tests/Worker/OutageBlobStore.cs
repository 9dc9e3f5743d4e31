using System.Collections.Concurrent;
using SessionReplay.Storage;

namespace SessionReplay.AspNetCore.Tests.Worker;

/// <summary>A blob store that can be taken away; what it holds is in memory.</summary>
internal sealed class OutageBlobStore : IBlobStore
{
    private readonly ConcurrentDictionary<string, byte[]> _blobs = new();
    private int _refused;

    public bool IsOut { get; set; } = true;

    public int Refused => _refused;

    public async ValueTask PutAsync(string key, Stream content, long length, CancellationToken cancellationToken)
    {
        if (IsOut)
        {
            Interlocked.Increment(ref _refused);
            throw new BlobStoreUnavailableException("The store is away.");
        }

        using var copy = new MemoryStream();
        await content.CopyToAsync(copy, cancellationToken);
        _blobs[key] = copy.ToArray();
    }

    public ValueTask<Stream> OpenReadAsync(string key, long offset, long? length, CancellationToken cancellationToken) =>
        ValueTask.FromResult<Stream>(new MemoryStream(_blobs[key], (int)offset, (int)(length ?? _blobs[key].Length - offset)));

    public async IAsyncEnumerable<BlobInfo> ListAsync(string prefix, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        foreach (var (key, bytes) in _blobs.Where(b => b.Key.StartsWith(prefix, StringComparison.Ordinal)))
        {
            yield return new(key, bytes.Length, TimeProvider.System.GetUtcNow());
        }
    }

    public ValueTask DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        foreach (var key in keys)
        {
            _blobs.TryRemove(key, out _);
        }

        return default;
    }
}
