using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using SessionReplay.AspNetCore.Resilience;
using SessionReplay.AspNetCore.Sanitizing;
using SessionReplay.Ingest;
using SessionReplay.Queues;
using SessionReplay.Wire;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary><c>POST v1/batches</c>: takes one batch and answers 202 when the queue has made it durable.</summary>
internal sealed class BatchEndpoint(
    IOptions<SessionReplayOptions> options, Sanitizer sanitizer, SessionQuota quota, BatchPublisher publisher, WindowReceipts receipts, IngestMemory memory,
    Circuits circuits, TimeProvider clock)
{
    private const int MaxUserAgent = 512;
    private const int MaxClockOffsetDays = 36_500;

    public async ValueTask<IResult> HandleAsync(HttpContext context)
    {
        var started = clock.GetTimestamp();
        var limits = options.Value.Ingest;
        var key = context.Features.GetRequiredFeature<WriteKey>();
        var sent = Sent(context.Request);
        circuits.Queue.ThrowIfOpen();
        using var held = memory.Open();
        using var body = await RequestBody.ReadAsync(context, limits.MaxBatchBytes, limits.ReadTimeout, held).ConfigureAwait(false);
        held.TakeExpansion(body.WrittenSpan, limits.MaxDecompressedBytes);
        using var content = GzipMember.IsGzip(body.WrittenSpan) ? GzipMember.Decompress(body.WrittenMemory, limits.MaxDecompressedBytes) : null;

        var facts = new BatchFacts(limits.MaxMarkersPerBatch);
        var pass = sanitizer.Begin((content ?? body).WrittenSpan);
        new BatchWalker(limits, pass, facts).Walk((content ?? body).WrittenSpan);
        quota.Add(new SessionRef(key.Tenant, facts.Session), (int)body.Length);

        var receivedAt = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var batch = new ReceivedBatch(key.Tenant, facts, Complete(facts.Build(pass.Findings), context, sent is { } time ? receivedAt - time : 0), receivedAt);
        await PublishAsync(batch, body, content, pass.Changed).ConfigureAwait(false);
        Count(pass, body, clock.GetElapsedTime(started));
        var acknowledged = receipts.Add(new SessionRef(key.Tenant, facts.Session), facts.Window, facts.Seq);
        return Results.Json(
            new BatchReceipt(facts.Window.ToString(), acknowledged, receivedAt), IngestJson.Default.BatchReceipt, statusCode: StatusCodes.Status202Accepted);
    }

    // From here on the page may go away: a batch that came whole is kept.
    private async ValueTask PublishAsync(ReceivedBatch batch, PooledBuffer body, PooledBuffer? content, bool changed)
    {
        using var time = new CancellationTokenSource(options.Value.Ingest.PublishTimeout, clock);
        try
        {
            await publisher.PublishAsync(batch, body, content, changed, time.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e)
        {
            throw new QueueUnavailableException($"The queue did not confirm within {options.Value.Ingest.PublishTimeout}.", e);
        }
    }

    private static void Count(SanitizePass pass, PooledBuffer body, TimeSpan time)
    {
        foreach (var (rule, count) in pass.Findings)
        {
            Telemetry.Sanitized.Add(count, new KeyValuePair<string, object?>("sessionreplay.rule", rule));
        }

        Telemetry.BatchSize.Record(body.Length);
        Telemetry.BatchDuration.Record(time.TotalSeconds);
    }

    private static long? Sent(HttpRequest request)
    {
        var text = request.Query["sent"].ToString();
        if (text.Length == 0)
        {
            return null;
        }

        // The pages' clocks may be far off; a time that is no time is a bug of the sender.
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var sent) && sent < MaxClockOffsetDays * 86_400_000L
            ? sent
            : throw IngestProblems.BadQuery("sent", "the page's time in milliseconds since the Unix epoch");
    }

    private ChunkFacts Complete(ChunkFacts facts, HttpContext context, long clockOffset)
    {
        facts.ClockOffset = clockOffset;
        var agent = context.Request.Headers.UserAgent.ToString();
        facts.UserAgent = agent.Length > MaxUserAgent ? agent[..MaxUserAgent] : agent;
        if (options.Value.Ingest.RecordAddress && context.Connection.RemoteIpAddress is { } address)
        {
            facts.Ip = (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
        }

        return facts;
    }
}
