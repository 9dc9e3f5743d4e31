using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>What every request of a page goes through: write key, origin, CORS, drain, rate; and errors turned into problems.</summary>
internal sealed class IngestFilter(
    IngestGate gate, IngestRateLimiter limiter, RefusalLog refusals, IHostApplicationLifetime lifetime, IOptions<IngestOptions> options)
    : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var outcome = "accepted";
        try
        {
            var key = await gate.AdmitAsync(http).ConfigureAwait(false);
            if (lifetime.ApplicationStopping.IsCancellationRequested)
            {
                throw IngestProblems.Unavailable("draining", "This process is stopping.");
            }

            limiter.Take(http.Connection.RemoteIpAddress, http.Request.Query["key"].ToString());
            http.Features.Set(key);
            var result = await next(context).ConfigureAwait(false);
            outcome = result is IStatusCodeHttpResult { StatusCode: StatusCodes.Status207MultiStatus } ? "partly-accepted" : outcome;
            return result;
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            outcome = "aborted";
            return Results.Empty;
        }
        catch (Exception e) when (IngestProblems.Of(e) is { } rejection)
        {
            outcome = rejection.Code;
            refusals.Add(e, rejection, http.Request);
            return IngestProblems.ToResult(rejection, http, options.Value.RetryAfter);
        }
        finally
        {
            Telemetry.Requests.Add(1, new KeyValuePair<string, object?>("sessionreplay.outcome", outcome));
        }
    }
}
