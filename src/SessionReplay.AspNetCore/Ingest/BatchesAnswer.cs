using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>
/// Answers an upload. If all of its batches have the same outcome, that is the answer: 202 or a problem. Otherwise it is 207 with the
/// outcome of each.
/// </summary>
internal sealed class BatchesAnswer(IOptions<IngestOptions> options, RefusalLog refusals)
{
    public IResult Of(IReadOnlyList<BatchOutcome> outcomes, long receivedAt, HttpContext context)
    {
        var isMixed = outcomes.Any(outcome => outcome.Rejection?.Code != outcomes[0].Rejection?.Code);
        if (!isMixed)
        {
            // Answered and logged as any other problem of a request.
            outcomes[0].Error?.Throw();
        }

        foreach (var outcome in outcomes.Where(static outcome => outcome.Rejection is not null).Distinct())
        {
            refusals.Add(outcome.Error!.SourceException, outcome.Rejection!, context.Request);
        }

        // The last receipt of a window vouches for all before it.
        var windows = outcomes.Select(static outcome => outcome.Receipt).OfType<WindowReceipt>().GroupBy(static receipt => receipt.Window)
            .Select(static receipts => receipts.Last()).ToList();
        bool? live = windows.Exists(static receipt => receipt.IsWatched) ? true : null;
        return Results.Json(
            new BatchesReceipt(windows, isMixed ? [.. outcomes.Select(Result)] : null, receivedAt, live),
            IngestJson.Default.BatchesReceipt,
            statusCode: isMixed ? StatusCodes.Status207MultiStatus : StatusCodes.Status202Accepted);
    }

    private BatchResult Result(BatchOutcome outcome) => outcome.Rejection is { } rejection
        ? new(
            rejection.Status, rejection.Code, rejection.Rule, rejection.IsFinal ? true : null,
            IngestProblems.RetryAfter(rejection, options.Value.RetryAfter))
        : new(StatusCodes.Status202Accepted);
}
