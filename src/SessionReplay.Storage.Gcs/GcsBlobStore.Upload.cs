using System.Net;
using System.Net.Http.Headers;

namespace SessionReplay.Storage.Gcs;

/// <content>Objects in parts: resumable uploads.</content>
internal sealed partial class GcsBlobStore
{
    /// <summary>How often a part is sent again from where the store says it stands.</summary>
    private const int MostResumptions = 5;

    /// <summary>"308 Resume Incomplete": the part was taken and more is expected.</summary>
    private const HttpStatusCode ResumeIncomplete = (HttpStatusCode)308;

    private async ValueTask PutInPartsAsync(string key, Stream content, long length, string precondition, CancellationToken cancellationToken)
    {
        var session = await BeginUploadAsync(key, length, precondition, cancellationToken).ConfigureAwait(false);
        for (long sent = 0; sent < length; sent += _options.PartBytes)
        {
            var size = (int)Math.Min(_options.PartBytes, length - sent);
            using var part = await BlobPart.ReadAsync(content, size, isLast: sent + size == length, cancellationToken).ConfigureAwait(false);
            await SendPartAsync(key, session, part, sent, length, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<Uri> BeginUploadAsync(string key, long length, string precondition, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _client.UploadUrl($"uploadType=resumable&name={Uri.EscapeDataString(FullKey(key))}{precondition}"))
        {
            Content = GcsClient.Json(new GcsObject(FullKey(key), StorageClass: StorageClassOf(key)), GcsJson.Default.GcsObject),
        };
        request.Headers.Add("X-Upload-Content-Type", "application/octet-stream");
        request.Headers.Add("X-Upload-Content-Length", length.ToString(System.Globalization.CultureInfo.InvariantCulture));
        using var response = await SendUploadAsync(key, request, cancellationToken).ConfigureAwait(false);
        return response.Headers.Location ?? throw new BlobStoreUnavailableException($"Cloud Storage began no upload for '{key}'.");
    }

    /// <summary>Sends a part; what the store did not keep of it is sent again.</summary>
    private async ValueTask SendPartAsync(string key, Uri session, BlobPart part, long offset, long length, CancellationToken cancellationToken)
    {
        var kept = offset;
        for (var attempt = 0; attempt <= MostResumptions; attempt++)
        {
            var skip = (int)(kept - offset);
            using var body = part.AsStream();
            body.Position = skip;
            using var request = new HttpRequestMessage(HttpMethod.Put, session)
            {
                Content = GcsClient.Bytes(
                    body, part.Length == 0 ? new ContentRangeHeaderValue(0) : new ContentRangeHeaderValue(kept, offset + part.Length - 1, length)),
            };
            using var response = await SendUploadAsync(key, request, cancellationToken, ResumeIncomplete).ConfigureAwait(false);
            if (response.IsSuccessStatusCode)
            {
                return;
            }

            // "Range: bytes=0-N" tells the last byte kept; without it nothing was.
            kept = response.Headers.TryGetValues("Range", out var ranges) && RangeHeaderValue.TryParse(ranges.First(), out var range)
                ? range.Ranges.First().To.GetValueOrDefault(-1) + 1
                : 0;
            if (kept < offset || kept > offset + part.Length)
            {
                break;
            }

            if (kept == offset + part.Length)
            {
                return;
            }
        }

        throw new BlobStoreUnavailableException($"Cloud Storage did not keep a part of '{key}'.");
    }

    /// <summary>A missing bucket answers 404 to an upload: that is not a missing object.</summary>
    private async ValueTask<HttpResponseMessage> SendUploadAsync(
        string key, HttpRequestMessage request, CancellationToken cancellationToken, params HttpStatusCode[] accepted)
    {
        try
        {
            return await _client.SendAsync(key, request, cancellationToken, accepted).ConfigureAwait(false);
        }
        catch (BlobNotFoundException e)
        {
            throw new BlobStoreUnavailableException($"The bucket '{_options.Bucket}' or the upload of '{key}' is not there.", e);
        }
    }
}
