using Microsoft.AspNetCore.Http;
using SessionReplay.Keys;
using SessionReplay.Pipeline.Resilience;
using SessionReplay.Pipeline.Sanitizing;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>Turns errors into the problems that ingest answers with (docs/http-api.md).</summary>
internal static class IngestProblems
{
    public const string SanitizingFailed = "sanitizing-failed";

    public const string TryAgain = "Send it again after the time in Retry-After.";

    /// <returns>The answer for an error, or <see langword="null"/> when the error is a bug.</returns>
    public static IngestRejectedException? Of(Exception error) => error switch
    {
        IngestRejectedException e => e,
        FormatRejectedException e =>
            new(StatusCodes.Status400BadRequest, "batch-invalid", "The batch breaks a rule of the format.", e.Message) { Rule = e.Rule },
        KeyDeletedException => new(StatusCodes.Status410Gone, "session-deleted", "The session was deleted.", "Begin a new session."),
        SessionSecretException => new(
            StatusCodes.Status403Forbidden, "session-secret", "The session began with another secret.", "Begin a new session."),
        SanitizingFailedException =>
            Unavailable(SanitizingFailed, "A sanitizing rule of the application failed; nothing is stored unsanitized."),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => TooLarge(null),
        BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } => Timeout(),
        BadHttpRequestException =>
            new(StatusCodes.Status400BadRequest, "query-invalid", "The request could not be read.",
                "Its body ended early or is malformed."),
        _ => Dependency.Of(error) is { } dependency ? Unavailable(dependency, error) : null,
    };

    public static IngestRejectedException TooLarge(int? limit) => new(
        StatusCodes.Status413PayloadTooLarge, "batch-too-large", "The body is too large.",
        limit is null ? null : $"At most {limit} bytes are taken.");

    public static IngestRejectedException Timeout() => new(
        StatusCodes.Status408RequestTimeout, "body-timeout", "The body did not arrive in time.", "Send it again.");

    public static IngestRejectedException NotFound() => new(StatusCodes.Status404NotFound, "not-found", "There is no such session.");

    public static IngestRejectedException Unavailable(string code, string title) =>
        new(StatusCodes.Status503ServiceUnavailable, code, title, TryAgain);

    private static IngestRejectedException Unavailable(Dependency dependency, Exception error) => new(
        StatusCodes.Status503ServiceUnavailable, $"{dependency.Id}-unavailable", $"The {dependency.Name} is unavailable.", TryAgain)
    {
        RetryAfter = Dependency.RetryAfter(error),
    };

    public static IngestRejectedException BadQuery(string name, string expected) => new(
        StatusCodes.Status400BadRequest, "query-invalid", $"The parameter '{name}' cannot be understood.", $"'{name}' must be {expected}.");

    /// <returns>After how many seconds to send it again; <see langword="null"/> if that is not said.</returns>
    public static int? RetryAfter(IngestRejectedException rejection, TimeSpan usual) =>
        rejection is { Status: StatusCodes.Status503ServiceUnavailable } or { Status: StatusCodes.Status429TooManyRequests, IsFinal: false }
            ? Math.Max(1, (int)Math.Ceiling((rejection.RetryAfter ?? usual).TotalSeconds))
            : null;

    public static IResult ToResult(IngestRejectedException rejection, HttpContext context, TimeSpan retryAfter)
    {
        if (RetryAfter(rejection, retryAfter) is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return new ProblemResult(Problem.Create(rejection.Status, rejection.Code, rejection.Message, rejection.Detail) with
        {
            Rule = rejection.Rule,
            Final = rejection.IsFinal ? true : null,
        });
    }
}
