using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace SessionReplay.AspNetCore.Playback;

/// <summary>
/// Sends records one by one, each as soon as it is read, after the audit row is written. Errors of the second record and later break the
/// answer off: the client misses its last record.
/// </summary>
internal sealed class StreamResult : IResult
{
    private readonly IAsyncEnumerator<StreamRecord> _records;
    private readonly ILogger _logger;

    private StreamResult(IAsyncEnumerator<StreamRecord> records, ILogger logger) => (_records, _logger) = (records, logger);

    /// <summary>Reads the first record, so that its errors can still be answered with a problem.</summary>
    public static async ValueTask<IResult> StartAsync(
        HttpContext context, IAsyncEnumerable<StreamRecord> records, ILogger logger, CancellationToken cancellationToken)
    {
        var reader = records.GetAsyncEnumerator(cancellationToken);
        context.Response.RegisterForDisposeAsync(reader);
        await reader.MoveNextAsync().ConfigureAwait(false);
        return new StreamResult(reader, logger);
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = "application/x-session-replay-stream";
        response.Headers.Vary = "Cookie, Authorization";
        response.Headers.XContentTypeOptions = "nosniff";
        httpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        try
        {
            do
            {
                await WriteAsync(response.BodyWriter, _records.Current, httpContext.RequestAborted).ConfigureAwait(false);
            }
            while (await _records.MoveNextAsync().ConfigureAwait(false));
        }
        catch (Exception) when (httpContext.RequestAborted.IsCancellationRequested)
        {
            // The viewer went away.
        }
        catch (Exception e)
        {
            Log.StreamBrokeOff(_logger, httpContext.Request.Path, e);
            httpContext.Abort();
        }
    }

    private static async ValueTask WriteAsync(PipeWriter writer, StreamRecord record, CancellationToken cancellationToken)
    {
        WriteLength(writer, record.Head.Length);
        writer.Write(record.Head.Span);
        WriteLength(writer, record.Body.Length);
        if (!record.Body.IsEmpty)
        {
            await writer.WriteAsync(record.Body, cancellationToken).ConfigureAwait(false);
        }

        await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private static void WriteLength(PipeWriter writer, int length)
    {
        BinaryPrimitives.WriteInt32BigEndian(writer.GetSpan(sizeof(int)), length);
        writer.Advance(sizeof(int));
    }
}
