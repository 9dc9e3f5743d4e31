using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using SessionReplay.Storage;

namespace SessionReplay.ThirdPartyAdapters;

/// <summary>A blob store in memory.</summary>
public sealed class MemoryBlobStore(TimeProvider clock) : IBlobStore
{
    private readonly ConcurrentDictionary<string, (byte[] Content, DateTimeOffset LastModified)> _objects = new(StringComparer.Ordinal);

    public async ValueTask PutAsync(string key, Stream content, long length, CancellationToken cancellationToken)
    {
        BlobKey.ThrowIfInvalid(key);
        ArgumentNullException.ThrowIfNull(content);
        using var copy = new MemoryStream();
        await content.CopyToAsync(copy, cancellationToken).ConfigureAwait(false);
        _objects[key] = copy.Length == length
            ? (copy.ToArray(), clock.GetUtcNow())
            : throw new ArgumentException("The content does not match the declared length.", nameof(length));
    }

    public ValueTask<Stream> OpenReadAsync(string key, long offset, long? length, CancellationToken cancellationToken)
    {
        BlobKey.ThrowIfInvalid(key);
        if (!_objects.TryGetValue(key, out var found))
        {
            throw new BlobNotFoundException(key);
        }

        var size = checked((int)Math.Min(length ?? long.MaxValue, found.Content.Length - offset));
        return ValueTask.FromResult<Stream>(
            new MemoryStream(found.Content, checked((int)offset), size, writable: false));
    }

    public async IAsyncEnumerable<BlobInfo> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var (key, (content, lastModified)) in _objects)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (key.StartsWith(prefix, StringComparison.Ordinal))
            {
                yield return new(key, content.Length, lastModified);
            }
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }

    public ValueTask DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(keys);
        foreach (var key in keys)
        {
            _objects.TryRemove(key, out _);
        }

        return ValueTask.CompletedTask;
    }
}
