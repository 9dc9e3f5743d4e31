using SessionReplay.Storage;

namespace SessionReplay.Shared.Tests;

/// <summary>A store of which only the listing is used.</summary>
internal sealed class FakeBlobStore(Exception? failure) : IBlobStore
{
    public ValueTask PutAsync(string key, Stream content, long length, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask<Stream> OpenReadAsync(string key, long offset, long? length, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public async IAsyncEnumerable<BlobInfo> ListAsync(
        string prefix, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        if (failure is not null)
        {
            throw failure;
        }

        yield break;
    }

    public ValueTask DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
