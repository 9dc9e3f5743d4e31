using Microsoft.AspNetCore.Http;
using SessionReplay.Catalog;
using SessionReplay.Format;
using SessionReplay.Keys;
using SessionReplay.Queues;
using SessionReplay.Storage;

namespace SessionReplay.AspNetCore.Playback;

/// <summary>The problems that playback answers with (docs/http-api.md).</summary>
internal static class PlaybackProblem
{
    private const int RetryAfterSeconds = 5;

    public static IResult Create(int status, string code, string title, string? detail = null, string? rule = null)
    {
        var extensions = new Dictionary<string, object?> { ["code"] = code };
        if (rule is not null)
        {
            extensions["rule"] = rule;
        }

        return Results.Problem(detail, statusCode: status, title: title, type: $"https://sessionreplay.dev/problems/{code}", extensions: extensions);
    }

    public static IResult NotFound() => Create(
        StatusCodes.Status404NotFound, "not-found", "There is no such session, chunk or asset.", "It was never recorded, has not arrived yet, or belongs to a tenant you may not look at.");

    public static IResult BadQuery(string name, string expected) => Create(
        StatusCodes.Status400BadRequest, "query-invalid", $"The parameter '{name}' cannot be understood.", $"'{name}' must be {expected}.");

    /// <returns>The problem for an error of the parts below; <see langword="null"/> when the error is a bug.</returns>
    public static IResult? Of(Exception error, HttpContext context)
    {
        switch (error)
        {
            case KeyDeletedException:
                return Create(StatusCodes.Status410Gone, "session-deleted", "The session was deleted; its recording is gone for good.");
            case FormatRejectedException e:
                return Create(
                    StatusCodes.Status500InternalServerError, "chunk-corrupt", "A stored part of the recording is damaged or was tampered with.",
                    "The player shows a gap in its place. Restore the object from a backup if there is one.", e.Rule);
            case BlobNotFoundException:
                return Create(
                    StatusCodes.Status500InternalServerError, "chunk-missing", "A stored part of the recording is missing from the blob store.",
                    "The player shows a gap in its place. Restore the object from a backup if there is one.");
            case CatalogUnavailableException:
                return Unavailable(context, "catalog-unavailable", "The catalog is unavailable.");
            case BlobStoreUnavailableException or EndOfStreamException:
                return Unavailable(context, "blob-store-unavailable", "The blob store is unavailable.");
            case KeyStoreUnavailableException or KeyManagementException:
                return Unavailable(context, "key-store-unavailable", "The key store or the key management is unavailable.");
            case QueueUnavailableException:
                return Unavailable(context, "queue-unavailable", "The queue is unavailable.");
            default:
                return null;
        }
    }

    private static IResult Unavailable(HttpContext context, string code, string title)
    {
        context.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return Create(StatusCodes.Status503ServiceUnavailable, code, title, "Try again in a few seconds.");
    }
}
