using System.Collections.Concurrent;
using SessionReplay.Storage;

namespace SessionReplay.TestHosts;

/// <summary>A blob store that can be taken away; what it holds is in memory.</summary>
public sealed class OutageBlobStore : IBlobStore
{
    private readonly ConcurrentDictionary<string, byte[]> _blobs = new();
    private int _refused;

    public bool IsOut { get; set; } = true;

    public int Refused => _refused;

    /// <summary>Runs before an object is there, when its content has been read; with its key.</summary>
    public Func<string, CancellationToken, Task> Writing { get; set; } = static (_, _) => Task.CompletedTask;

    /// <summary>Runs before objects are deleted; with their keys.</summary>
    public Action<IReadOnlyCollection<string>> Deleting { get; set; } = static _ => { };

    public IEnumerable<string> Keys => _blobs.Keys.Order(StringComparer.Ordinal);

    public async ValueTask PutAsync(string key, Stream content, long length, CancellationToken cancellationToken)
    {
        ThrowIfOut();
        using var copy = new MemoryStream();
        await content.CopyToAsync(copy, cancellationToken);
        await Writing(key, cancellationToken);
        _blobs[key] = copy.ToArray();
    }

    public ValueTask<Stream> OpenReadAsync(string key, long offset, long? length, CancellationToken cancellationToken)
    {
        ThrowIfOut();
        return _blobs.TryGetValue(key, out var bytes)
            ? ValueTask.FromResult<Stream>(new MemoryStream(bytes, (int)offset, (int)(length ?? bytes.Length - offset)))
            : throw new BlobNotFoundException(key);
    }

    public async IAsyncEnumerable<BlobInfo> ListAsync(
        string prefix, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        ThrowIfOut();
        foreach (var (key, bytes) in _blobs.Where(b => b.Key.StartsWith(prefix, StringComparison.Ordinal)))
        {
            yield return new(key, bytes.Length, TimeProvider.System.GetUtcNow());
        }
    }

    public ValueTask DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        ThrowIfOut();
        Deleting(keys);
        foreach (var key in keys)
        {
            _blobs.TryRemove(key, out _);
        }

        return default;
    }

    private void ThrowIfOut()
    {
        if (IsOut)
        {
            Interlocked.Increment(ref _refused);
            throw new BlobStoreUnavailableException("The store is away.");
        }
    }
}
