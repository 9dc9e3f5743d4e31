using System.Runtime.CompilerServices;
using SessionReplay.Storage;

namespace SessionReplay.Pipeline.Tests.Resilience;

/// <summary>A blob store that fails as it is told, and notes what it was asked.</summary>
internal sealed class FailingBlobStore : IBlobStore
{
    public int Failures { get; set; }

    public List<string> Calls { get; } = [];

    public List<string> Written { get; } = [];

    /// <summary>What opened streams read from.</summary>
    public Func<Stream> Content { get; set; } = static () => new MemoryStream([1, 2, 3]);

    /// <summary>What a listing gives: keys, errors, or a wait without end (<see langword="null"/>).</summary>
    public IReadOnlyList<object?> Listing { get; set; } = [];

    public ValueTask PutAsync(string key, Stream content, long length, CancellationToken cancellationToken) => WriteAsync("put", content);

    public ValueTask CreateAsync(string key, Stream content, long length, CancellationToken cancellationToken) =>
        WriteAsync("create", content);

    public ValueTask<Stream> OpenReadAsync(string key, long offset, long? length, CancellationToken cancellationToken)
    {
        Note("open");
        return ValueTask.FromResult(Content());
    }

    public async IAsyncEnumerable<BlobInfo> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Note("list");
        foreach (var item in Listing)
        {
            await Task.Yield();
            switch (item)
            {
                case string key:
                    yield return new(key, 1, default);
                    break;
                case Exception e:
                    throw e;
                default:
                    await Task.Delay(Timeout.Infinite, cancellationToken);
                    break;
            }
        }
    }

    public ValueTask DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        Note("delete");
        return default;
    }

    private void Note(string call)
    {
        Calls.Add(call);
        if (Failures-- > 0)
        {
            throw new BlobStoreUnavailableException($"{call} failed");
        }
    }

    private async ValueTask WriteAsync(string call, Stream content)
    {
        // Part of the content is read before the failure.
        using var reader = new StreamReader(content, leaveOpen: true);
        var text = await reader.ReadToEndAsync();
        Note(call);
        Written.Add(text);
    }
}
