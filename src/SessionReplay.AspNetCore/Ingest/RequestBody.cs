using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using SessionReplay.Format;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>Reads a request's body whole, within a bound in size and in time.</summary>
internal static class RequestBody
{
    private const int FirstRead = 16_384;

    /// <returns>The body; the caller disposes it.</returns>
    /// <exception cref="IngestRejectedException">The body is too large, too slow, or of a wrong type; or other requests hold too much
    /// memory.</exception>
    public static async ValueTask<PooledBuffer> ReadAsync(HttpContext context, int limit, TimeSpan timeout, IngestMemory.Account memory)
    {
        CheckType(context.Request);
        var length = context.Request.ContentLength;
        if (length > limit)
        {
            throw IngestProblems.TooLarge(limit);
        }

        RaiseServerLimit(context, limit);
        // A claimed length costs memory only as bytes arrive.
        var body = new PooledBuffer(memory, (int)Math.Min(length + 1 ?? FirstRead, FirstRead));
        using var time = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        time.CancelAfter(timeout);
        try
        {
            while (await ReadAsync(context.Request.Body, body.GetMemory(1), time.Token).ConfigureAwait(false) is > 0 and var read)
            {
                body.Advance(read);
                if (body.Length > limit)
                {
                    throw IngestProblems.TooLarge(limit);
                }
            }

            return body;
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            body.Dispose();
            throw IngestProblems.Timeout();
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    private static void RaiseServerLimit(HttpContext context, int limit)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = limit + 1L;
        }
    }

    /// <summary>
    /// Whatever fails here is the request's own: servers refuse some bodies, for instance a chunk of 2^64 − 1 bytes, with an error of their
    /// parser.
    /// </summary>
    private static async ValueTask<int> ReadAsync(Stream body, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not (OperationCanceledException or BadHttpRequestException))
        {
            throw new BadHttpRequestException("The request's body cannot be read.", e);
        }
    }

    // What a browser sends without a preflight, and what other clients call a batch.
    private static void CheckType(HttpRequest request)
    {
        var type = request.ContentType.AsSpan();
        var end = type.IndexOf(';');
        type = (end < 0 ? type : type[..end]).Trim();
        if (request.Headers.ContentEncoding.Count > 0
            || !(type.IsEmpty || type.Equals("text/plain", StringComparison.OrdinalIgnoreCase)
            || type.Equals("application/octet-stream", StringComparison.OrdinalIgnoreCase)
                || type.Equals("application/x-protobuf", StringComparison.OrdinalIgnoreCase)))
        {
            throw new IngestRejectedException(
                StatusCodes.Status415UnsupportedMediaType, "media-type-not-supported", "The body's media type is not supported.",
                "Send text/plain without Content-Encoding; a gzip member is recognised by its first bytes.");
        }
    }
}
