using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;

namespace SessionReplay.Storage.Gcs;

/// <summary>Keeps objects in a bucket of Google Cloud Storage.</summary>
internal sealed partial class GcsBlobStore : IBlobStore
{
    /// <summary>How many objects are deleted at the same time (the JSON API's batches save no time over parallel calls).</summary>
    private const int DeleteConcurrency = 8;

    private readonly GcsClient _client;
    private readonly GcsStorageOptions _options;

    public GcsBlobStore(HttpClient http, IOptions<GcsStorageOptions> options)
    {
        _options = options.Value;
        _client = new GcsClient(http, _options);
    }

    public ValueTask PutAsync(string key, Stream content, long length, CancellationToken cancellationToken) =>
        WriteAsync(key, content, length, string.Empty, cancellationToken);

    public async ValueTask CreateAsync(string key, Stream content, long length, CancellationToken cancellationToken)
    {
        try
        {
            // Generation 0 stands for "there is none" (Cloud Storage, "Request preconditions").
            await WriteAsync(key, content, length, "&ifGenerationMatch=0", cancellationToken).ConfigureAwait(false);
        }
        catch (GcsPreconditionException)
        {
            // It is there: an earlier call arrived whose answer was lost.
        }
    }

    private async ValueTask WriteAsync(string key, Stream content, long length, string precondition, CancellationToken cancellationToken)
    {
        BlobKey.ThrowIfInvalid(key);
        ArgumentNullException.ThrowIfNull(content);
        if (length > _options.PartBytes)
        {
            await PutInPartsAsync(key, content, length, precondition, cancellationToken).ConfigureAwait(false);
            return;
        }

        using var part = await BlobPart.ReadAsync(content, (int)length, isLast: true, cancellationToken).ConfigureAwait(false);
        if (StorageClassOf(key) is not null)
        {
            // A media upload has no place for metadata; a resumable one of a single part has.
            var session = await BeginUploadAsync(key, length, precondition, cancellationToken).ConfigureAwait(false);
            await SendPartAsync(key, session, part, 0, length, cancellationToken).ConfigureAwait(false);
            return;
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, _client.UploadUrl($"uploadType=media&name={Uri.EscapeDataString(FullKey(key))}{precondition}"))
        {
            Content = GcsClient.Bytes(part.AsStream()),
        };
        using var response = await SendUploadAsync(key, request, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<Stream> OpenReadAsync(string key, long offset, long? length, CancellationToken cancellationToken)
    {
        BlobKey.ThrowIfInvalid(key);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length ?? 0, nameof(length));
        if (length == 0)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, await SizeAsync(key, cancellationToken).ConfigureAwait(false));
            return new MemoryStream([], writable: false);
        }

        var request = new HttpRequestMessage(HttpMethod.Get, _client.ObjectUrl(FullKey(key), "?alt=media"));
        var ranged = offset > 0 || length is not null;
        if (ranged)
        {
            request.Headers.Range = new RangeHeaderValue(offset, length is { } count ? offset + count - 1 : null);
        }

        var response = await FindAsync(() => _client.SendAsync(key, request, cancellationToken), cancellationToken).ConfigureAwait(false);
        var arriving = response.Content.Headers.ContentLength;
        if ((ranged && response.StatusCode != HttpStatusCode.PartialContent) || arriving is null || (length is { } wanted && arriving != wanted))
        {
            response.Dispose();
            throw new ArgumentOutOfRangeException(nameof(offset), offset, $"The range is not within the object '{key}'.");
        }

        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        return new ExactLengthStream(stream, arriving.Value, response);
    }

    public async IAsyncEnumerable<BlobInfo> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? token = null;
        do
        {
            var query = $"prefix={Uri.EscapeDataString(FullKey(prefix))}&maxResults=1000&fields=nextPageToken,items(name,size,updated)"
                + (token is null ? string.Empty : $"&pageToken={Uri.EscapeDataString(token)}");
            var page = await ListPageAsync(prefix, query, cancellationToken).ConfigureAwait(false);
            foreach (var item in page.Items ?? [])
            {
                yield return new(item.Name![_options.KeyPrefix.Length..], item.Size ?? 0, item.Updated ?? default);
            }

            token = page.NextPageToken;
        }
        while (!string.IsNullOrEmpty(token));
    }

    public async ValueTask DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(keys);
        foreach (var key in keys)
        {
            BlobKey.ThrowIfInvalid(key);
        }

        var missing = 0;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = DeleteConcurrency, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(
            keys,
            parallel,
            async (key, token) =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Delete, _client.ObjectUrl(FullKey(key)));
                using var response = await _client.SendAsync(key, request, token, HttpStatusCode.NotFound).ConfigureAwait(false);
                if (response.StatusCode == HttpStatusCode.NotFound)
                {
                    Interlocked.Increment(ref missing);
                }
            }).ConfigureAwait(false);
        if (missing > 0)
        {
            await ThrowIfBucketIsMissingAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>A missing bucket answers 404 to a listing: that is not an object that was never there.</summary>
    private async ValueTask<GcsObjectList> ListPageAsync(string prefix, string query, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _client.ListUrl(query));
        try
        {
            return await _client.ReadAsync(prefix, request, GcsJson.Default.GcsObjectList, cancellationToken).ConfigureAwait(false);
        }
        catch (BlobNotFoundException e)
        {
            throw new BlobStoreUnavailableException($"The bucket '{_options.Bucket}' is not there.", e);
        }
    }

    private async ValueTask<long> SizeAsync(string key, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _client.ObjectUrl(FullKey(key), "?fields=name,size"));
        var found = await FindAsync(() => _client.ReadAsync(key, request, GcsJson.Default.GcsObject, cancellationToken), cancellationToken).ConfigureAwait(false);
        return found.Size ?? 0;
    }

    /// <summary>A missing bucket answers 404 as a missing object does: which it is, a listing tells, for which the right is there.</summary>
    private async ValueTask ThrowIfBucketIsMissingAsync(CancellationToken cancellationToken) =>
        await ListPageAsync(string.Empty, "maxResults=1&fields=nextPageToken", cancellationToken).ConfigureAwait(false);

    private async ValueTask<T> FindAsync<T>(Func<ValueTask<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (BlobNotFoundException)
        {
            await ThrowIfBucketIsMissingAsync(cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    private string FullKey(string key) => _options.KeyPrefix + key;

    private string? StorageClassOf(string key) =>
        _options.StorageClass.Length > 0 && key.EndsWith("_encrypted.bin", StringComparison.Ordinal) ? _options.StorageClass : null;
}
