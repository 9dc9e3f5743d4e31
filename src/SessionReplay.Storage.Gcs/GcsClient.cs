using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;
using Google.Apis.Auth.OAuth2.Responses;

namespace SessionReplay.Storage.Gcs;

/// <summary>Speaks the JSON API of Cloud Storage and turns its answers into the errors of <see cref="IBlobStore"/>.</summary>
internal sealed class GcsClient(HttpClient http, GcsStorageOptions options)
{
    private readonly string _objects = $"{Root(options)}/storage/v1/b/{Uri.EscapeDataString(options.Bucket)}/o";
    private readonly string _uploads = $"{Root(options)}/upload/storage/v1/b/{Uri.EscapeDataString(options.Bucket)}/o";
    private readonly string _buckets = $"{Root(options)}/storage/v1/b";

    public string ObjectUrl(string name, string query = "") => $"{_objects}/{Uri.EscapeDataString(name)}{query}";

    public string ListUrl(string query) => $"{_objects}?{query}";

    public string UploadUrl(string query) => $"{_uploads}?{query}{(options.KmsKeyId is { Length: > 0 } key ? $"&kmsKeyName={Uri.EscapeDataString(key)}" : string.Empty)}";

    public string BucketUrl => $"{_buckets}/{Uri.EscapeDataString(options.Bucket)}";

    public string NewBucketUrl => $"{_buckets}?project={Uri.EscapeDataString(options.ProjectId ?? string.Empty)}";

    /// <summary>Sends a request and gives the answer when its status is a success, or one of <paramref name="accepted"/>.</summary>
    public async ValueTask<HttpResponseMessage> SendAsync(
        string key, HttpRequestMessage request, CancellationToken cancellationToken, params HttpStatusCode[] accepted)
    {
        HttpResponseMessage response;
        try
        {
            response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TokenResponseException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new BlobStoreUnavailableException($"Cloud Storage did not answer a call for '{key}'.", e);
        }

        if (response.IsSuccessStatusCode || accepted.Contains(response.StatusCode))
        {
            return response;
        }

        using (response)
        {
            throw response.StatusCode switch
            {
                HttpStatusCode.NotFound => new BlobNotFoundException(key),
                HttpStatusCode.PreconditionFailed => new GcsPreconditionException(),
                HttpStatusCode.RequestedRangeNotSatisfiable => new ArgumentOutOfRangeException($"The range is not within the object '{key}'.", (Exception?)null),
                _ => new BlobStoreUnavailableException($"Cloud Storage did not confirm a call for '{key}' (status {(int)response.StatusCode})."),
            };
        }
    }

    public async ValueTask<T> ReadAsync<T>(string key, HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(key, request, cancellationToken).ConfigureAwait(false);
        try
        {
            return await response.Content.ReadFromJsonAsync(type, cancellationToken).ConfigureAwait(false)
                ?? throw new BlobStoreUnavailableException($"Cloud Storage gave an empty answer for '{key}'.");
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or HttpRequestException or IOException)
        {
            throw new BlobStoreUnavailableException($"Cloud Storage gave an answer for '{key}' that cannot be read.", e);
        }
    }

    public static HttpContent Json<T>(T value, JsonTypeInfo<T> type) => JsonContent.Create(value, type);

    public static StreamContent Bytes(Stream stream, ContentRangeHeaderValue? range = null)
    {
        var content = new StreamContent(stream);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        content.Headers.ContentRange = range;
        return content;
    }

    private static string Root(GcsStorageOptions options) =>
        options.ServiceUrl is { Length: > 0 } url ? url.TrimEnd('/') : "https://storage.googleapis.com";
}
