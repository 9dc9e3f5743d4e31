using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace SessionReplay.AspNetCore.Playback;

/// <summary>
/// Gives the replay's frame its headers after the application has set those of all its answers: callbacks of the response's start run in the reverse order of
/// their registration, so this one is registered before any middleware of the application.
/// </summary>
internal sealed class ReplayFrameFilter : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(static (context, following) =>
        {
            if (context.Request.Path.Value?.EndsWith(ReplayFrame.Path, StringComparison.OrdinalIgnoreCase) == true)
            {
                context.Response.OnStarting(static state =>
                {
                    ReplayFrame.SetHeaders((HttpContext)state);
                    return Task.CompletedTask;
                }, context);
            }

            return following(context);
        });
        next(app);
    };
}
