using System.Runtime.CompilerServices;
using SessionReplay.Storage.ConformanceTests;
using SessionReplay.Storage.Replication;
using SessionReplay.Streams;

namespace SessionReplay.Storage.Tests.Replication;

/// <summary>A real store that can be cut off: before a call, or in the middle of a download.</summary>
internal sealed class InterruptibleBlobStore(IBlobStore inner) : IBlobStore
{
    private int _calls;
    private int _written;

    public bool IsOut { get; set; }

    /// <summary>Never answers, until the caller's patience ends.</summary>
    public bool IsHanging { get; set; }

    /// <summary>After how many bytes downloads break off.</summary>
    public int? BreaksAfter { get; set; }

    /// <summary>Is done once, when the next object of the application is about to be written or read here.</summary>
    public Func<Task>? BeforeNext { get; set; }

    /// <summary>What listing ends with.</summary>
    public Exception? ListingError { get; set; }

    /// <summary>How many calls came, those that were cut off included.</summary>
    public int Calls => _calls;

    /// <summary>How many objects were written.</summary>
    public int Written => _written;

    public async ValueTask PutAsync(string key, Stream content, long length, CancellationToken cancellationToken)
    {
        await EnterAsync(cancellationToken);
        await MeddleAsync(key);
        await inner.PutAsync(key, content, length, cancellationToken);
        Interlocked.Increment(ref _written);
    }

    public async ValueTask CreateAsync(string key, Stream content, long length, CancellationToken cancellationToken)
    {
        await EnterAsync(cancellationToken);
        await inner.CreateAsync(key, content, length, cancellationToken);
        Interlocked.Increment(ref _written);
    }

    public async ValueTask<Stream> OpenReadAsync(string key, long offset, long? length, CancellationToken cancellationToken)
    {
        await EnterAsync(cancellationToken);
        await MeddleAsync(key);
        var stream = await inner.OpenReadAsync(key, offset, length, cancellationToken);
        if (BreaksAfter is not { } limit || stream.Length <= limit)
        {
            return stream;
        }

        await using (stream)
        {
            var bytes = new byte[stream.Length];
            await stream.ReadExactlyAsync(bytes, cancellationToken);
            return new ExactLengthStream(new TrickleStream(bytes, limit), bytes.Length);
        }
    }

    public async IAsyncEnumerable<BlobInfo> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await EnterAsync(cancellationToken);
        if (ListingError is { } error)
        {
            throw error;
        }

        await foreach (var blob in inner.ListAsync(prefix, cancellationToken))
        {
            yield return blob;
        }
    }

    public async ValueTask DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        await EnterAsync(cancellationToken);
        await inner.DeleteAsync(keys, cancellationToken);
    }

    private async Task MeddleAsync(string key)
    {
        if (BeforeNext is { } meddle && !key.StartsWith(MissedOperations.Prefix, StringComparison.Ordinal))
        {
            BeforeNext = null;
            await meddle();
        }
    }

    private async ValueTask EnterAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        if (IsHanging)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        if (IsOut)
        {
            throw new BlobStoreUnavailableException("The store is away.");
        }
    }
}
