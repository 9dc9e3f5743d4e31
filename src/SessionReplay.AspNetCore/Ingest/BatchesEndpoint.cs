using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using SessionReplay.Format;
using SessionReplay.Pipeline.Resilience;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>
/// <c>POST v1/batches</c>: takes the batches of an upload one after the other, each by itself. A batch that is refused stops no other.
/// </summary>
// Long: the container fills it.
internal sealed class BatchesEndpoint(
    IOptions<IngestOptions> options, BatchIntake intake, IngestRateLimiter limiter, IngestMemory memory, DependencyPipelines pipelines,
    BatchesAnswer answer, TimeProvider clock)
{
    private const int MaxClockOffsetDays = 36_500;

    /// <summary>What comes after it must not keep the answer for the first waiting: the page would send all of them again.</summary>
    private static readonly IngestRejectedException TooLate =
        IngestProblems.Unavailable("overloaded", "The batches before this one took the time that there was for all.");

    public async ValueTask<IResult> HandleAsync(HttpContext context)
    {
        var limits = options.Value;
        var sent = Sent(context.Request);
        pipelines.ThrowIfQueueIsWithheld();
        using var held = memory.Open(TokenBuckets.NameOf(context.Connection.RemoteIpAddress));
        var limit = limits.MaxBatchBytes + UploadFrame.Size + (BatchList.MaxBatches * BatchList.LengthSize);
        using var upload = await RequestBody.ReadAsync(context, limit, limits.ReadTimeout, held).ConfigureAwait(false);
        var (secret, list) = UploadFrame.Read(upload.WrittenMemory);
        var receivedAt = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var started = clock.GetTimestamp();
        var outcomes = new List<BatchOutcome>();
        foreach (var body in BatchList.Read(list))
        {
            outcomes.Add(
                outcomes is [.., { HoldsForTheRest: true } last]
                    ? last
                    : outcomes.Count > 0 && clock.GetElapsedTime(started) > limits.PublishTimeout
                        ? BatchOutcome.Rejected(TooLate)
                        : await TryTakeAsync(context, new(secret, body, sent, receivedAt, outcomes.Count > 0), held).ConfigureAwait(false));
        }

        return answer.Of(outcomes, receivedAt, context);
    }

    private async ValueTask<BatchOutcome> TryTakeAsync(HttpContext context, SentBatch batch, IngestMemory.Account held)
    {
        try
        {
            if (batch.IsFurther)
            {
                // The first was counted as the request.
                limiter.Take(context.Connection.RemoteIpAddress, context.Request.Query["key"].ToString());
            }

            return BatchOutcome.Accepted(await intake.TakeAsync(context, batch, held).ConfigureAwait(false));
        }
        catch (Exception e) when (!context.RequestAborted.IsCancellationRequested && IngestProblems.Of(e) is { } rejection)
        {
            return BatchOutcome.Rejected(rejection, e);
        }
    }

    private static long? Sent(HttpRequest request)
    {
        var text = request.Query["sent"].ToString();
        if (text.Length == 0)
        {
            return null;
        }

        // The pages' clocks may be far off; a text that is not a time is a bug of the sender.
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var sent) && sent < MaxClockOffsetDays * 86_400_000L
            ? sent
            : throw IngestProblems.BadQuery("sent", "the page's time in milliseconds since the Unix epoch");
    }
}
