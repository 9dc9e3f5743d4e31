using Microsoft.AspNetCore.Http;
using SessionReplay.Format;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>
/// What the work on a body goes through before any is done: it is charged to its address and key, and waits for its turn.
/// </summary>
internal sealed class IngestWork(IngestRateLimiter limiter, WorkGate gate)
{
    /// <summary>What an event costs beside its bytes, in bytes.</summary>
    private const int EventCost = 256;

    /// <summary>What a row of the catalog costs, in bytes.</summary>
    private const int RowCost = 1_024;

    /// <summary>Waits until a body may be decompressed and walked.</summary>
    /// <param name="context">The request.</param>
    /// <param name="body">The body.</param>
    /// <param name="limit">The greatest size after decompression.</param>
    /// <returns>The turn; the caller disposes it.</returns>
    /// <exception cref="IngestRejectedException">The address or the key has had too much done, or too many wait.</exception>
    public async ValueTask<IDisposable> BeginAsync(HttpContext context, ReadOnlyMemory<byte> body, int limit)
    {
        var bytes = GzipMember.IsGzip(body.Span)
            ? Math.Max(body.Length, Math.Min(GzipMember.DeclaredLength(body.Span), limit))
            : body.Length;
        limiter.TakeWork(context.Connection.RemoteIpAddress, Key(context), bytes);
        return await gate.EnterAsync(TokenBuckets.NameOf(context.Connection.RemoteIpAddress), bytes, context.RequestAborted)
            .ConfigureAwait(false);
    }

    /// <summary>Charges events once they are counted.</summary>
    public void AddEvents(HttpContext context, int events) =>
        limiter.AddWork(context.Connection.RemoteIpAddress, Key(context), (long)events * EventCost);

    /// <summary>Charges rows that others write for a request: there is one writer of a database.</summary>
    public void AddRows(HttpContext context, int rows) =>
        limiter.AddWork(context.Connection.RemoteIpAddress, Key(context), (long)rows * RowCost);

    /// <summary>Charges rows that are looked for or written before it is done.</summary>
    /// <exception cref="IngestRejectedException">The address or the key has had too much done.</exception>
    public void TakeRows(HttpContext context, int rows) =>
        limiter.TakeWork(context.Connection.RemoteIpAddress, Key(context), (long)rows * RowCost);

    private static string Key(HttpContext context) => context.Request.Query["key"].ToString();
}
