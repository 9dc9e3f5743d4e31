using System.Collections.Concurrent;
using SessionReplay.Storage;

namespace SessionReplay.TestHosts;

/// <summary>Notes what is read of a blob store, and lets a test stand between.</summary>
public sealed class WatchedBlobStore(IBlobStore inner) : IBlobStore
{
    /// <summary>The keys that were read.</summary>
    public ConcurrentQueue<string> Reads { get; } = [];

    /// <summary>Runs before a read.</summary>
    public Func<string, Task> Opening { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Gives what is read instead.</summary>
    public Func<Stream, Stream> Opened { get; set; } = static stream => stream;

    /// <summary>Presigns URLs; the store inside makes none.</summary>
    public Func<string, DateTimeOffset, Uri?> Presign { get; set; } = static (_, _) => null;

    public async ValueTask<Stream> OpenReadAsync(string key, long offset, long? length, CancellationToken cancellationToken)
    {
        Reads.Enqueue(key);
        await Opening(key);
        return Opened(await inner.OpenReadAsync(key, offset, length, cancellationToken));
    }

    public ValueTask<Uri?> TryPresignAsync(string key, DateTimeOffset expires, CancellationToken cancellationToken) =>
        new(Presign(key, expires));

    public ValueTask PutAsync(string key, Stream content, long length, CancellationToken cancellationToken) =>
        inner.PutAsync(key, content, length, cancellationToken);

    public ValueTask CreateAsync(string key, Stream content, long length, CancellationToken cancellationToken) =>
        inner.CreateAsync(key, content, length, cancellationToken);

    public IAsyncEnumerable<BlobInfo> ListAsync(string prefix, CancellationToken cancellationToken) =>
        inner.ListAsync(prefix, cancellationToken);

    public ValueTask DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken) =>
        inner.DeleteAsync(keys, cancellationToken);
}
