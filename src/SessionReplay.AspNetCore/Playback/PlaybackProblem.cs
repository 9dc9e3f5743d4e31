using System.Globalization;
using Microsoft.AspNetCore.Http;
using SessionReplay.Catalog;
using SessionReplay.Keys;
using SessionReplay.Pipeline.Resilience;
using SessionReplay.Storage;

namespace SessionReplay.AspNetCore.Playback;

/// <summary>The problems that playback answers with (docs/http-api.md).</summary>
internal static class PlaybackProblem
{
    private const int RetryAfterSeconds = 5;

    public static ProblemResult Create(int status, string code, string title, string? detail = null) =>
        new(Problem.Create(status, code, title, detail));

    public static IResult NotFound() => Create(
        StatusCodes.Status404NotFound, "not-found", "The session was not found.",
        "It was never recorded, has not arrived yet, or belongs to a tenant you may not look at.");

    public static IResult TooManyDenied(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "1";
        return Create(
            StatusCodes.Status429TooManyRequests, "rate-limited", "Too many requests of this address were refused.", "Sign in first.");
    }

    public static IResult BadQuery(string name, string expected) => Create(
        StatusCodes.Status400BadRequest, "query-invalid", $"The parameter '{name}' cannot be understood.", $"'{name}' must be {expected}.");

    /// <returns>The problem for an error of the parts below; <see langword="null"/> when the error is a bug.</returns>
    /// <param name="error">The error.</param>
    /// <param name="context">The request; takes the headers.</param>
    /// <param name="inAuditLog">Whether only the audit log had been asked.</param>
    public static IResult? Of(Exception error, HttpContext context, bool inAuditLog = false)
    {
        switch (error)
        {
            case KeyDeletedException:
                return Create(StatusCodes.Status410Gone, "session-deleted", "The session was deleted; its recording is gone for good.");
            case FormatRejectedException or BlobNotFoundException:
                return new ProblemResult(OfChunk(error));
            case CatalogUnavailableException when inAuditLog:
                return Unavailable(context, Dependency.AuditLog, error);
            case IOException and not BadHttpRequestException when !context.Response.HasStarted:
                // A reading that broke off; what is written to the viewer comes after all of it.
                return Unavailable(context, Dependency.BlobStore, error);
            default:
                return Dependency.Of(error) is { } dependency ? Unavailable(context, dependency, error) : null;
        }
    }

    /// <returns>The problem of a chunk or asset that alone is damaged (<see cref="FormatRejectedException"/>) or missing.</returns>
    public static Problem OfChunk(Exception error)
    {
        const string Detail = "The player shows a gap in its place. Restore the object from a backup if there is one.";
        return error is FormatRejectedException { Rule: var rule }
            ? Problem.Create(
                StatusCodes.Status500InternalServerError, "chunk-corrupt",
                "A stored part of the recording is damaged or was tampered with.", Detail) with { Rule = rule }
            : Problem.Create(
                StatusCodes.Status500InternalServerError, "chunk-missing",
                "A stored part of the recording is missing from the blob store.", Detail);
    }

    private static IResult Unavailable(HttpContext context, Dependency dependency, Exception error)
    {
        var seconds = Dependency.RetryAfter(error) is { } retryAfter
            ? Math.Max(1, (int)Math.Ceiling(retryAfter.TotalSeconds))
            : RetryAfterSeconds;
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return new ProblemResult(Problem.Create(
            StatusCodes.Status503ServiceUnavailable, $"{dependency.Id}-unavailable", $"The {dependency.Name} is unavailable.",
            string.Create(CultureInfo.InvariantCulture, $"Try again in {seconds} seconds.")) with { Unavailable = dependency.Id });
    }
}
