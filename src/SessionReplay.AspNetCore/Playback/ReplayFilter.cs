using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace SessionReplay.AspNetCore.Playback;

/// <summary>
/// Stands before all of the application. On the replay's own origin it answers for the documents of the replay, and for nothing else. On
/// the application's it gives these documents their headers after the application has set those of all its answers: callbacks of the
/// response's start run in the reverse order of their registration, so this one is registered before any middleware of the application.
/// </summary>
internal sealed class ReplayFilter(IOptions<PlaybackOptions> options) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        var origin = ReplayOrigin.Of(options.Value);
        app.Use((context, following) =>
        {
            if (origin?.IsAskedFor(context.Request) == true)
            {
                return AnswerAsync(context);
            }

            if (Array.Exists(ReplayDocument.All, document => document.IsAskedFor(context.Request)))
            {
                context.Response.OnStarting(static state =>
                {
                    var started = (HttpContext)state;
                    started.GetEndpoint()?.Metadata.GetMetadata<ReplayDocument>()?.SetHeaders(started.Response, isAlone: false);
                    return Task.CompletedTask;
                }, context);
            }

            return following(context);
        });
        next(app);
    };

    /// <summary>No middleware of the application runs: it has no cookie, no login and no data here.</summary>
    private static Task AnswerAsync(HttpContext context)
    {
        var isRead = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        if (isRead && Array.Find(ReplayDocument.All, document => document.IsAskedFor(context.Request)) is { } document)
        {
            document.SetHeaders(context.Response, isAlone: true);
            return document.Answer(context).ExecuteAsync(context);
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return context.Response.WriteAsync(
            "This host replays recordings and does nothing else (SessionReplay:Playback:ReplayOrigin).", context.RequestAborted);
    }
}
