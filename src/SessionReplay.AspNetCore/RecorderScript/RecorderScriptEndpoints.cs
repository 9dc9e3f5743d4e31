using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SessionReplay.AspNetCore.Ingest;

namespace SessionReplay.AspNetCore.RecorderScript;

/// <summary>Serves the recorder's scripts to the pages of every origin: they are public and hold no data.</summary>
internal static class RecorderScriptEndpoints
{
    public static void Map(RouteGroupBuilder group)
    {
        foreach (var name in RecorderScripts.Names)
        {
            IngestEndpoints.Conventions(
                group.MapMethods(name, [HttpMethods.Get, HttpMethods.Head], (HttpContext context) => Serve(context, name)));
        }
    }

    private static IResult Serve(HttpContext context, string name)
    {
        if (RecorderScripts.Find(name) is not { } script)
        {
            return IngestProblems.ToResult(
                new IngestRejectedException(
                    StatusCodes.Status404NotFound, "not-found", "The recorder is not part of this build.",
                    "Build SessionReplay.AspNetCore without -p:BuildJs=false."),
                context,
                default);
        }

        var response = context.Response;
        response.Headers.CacheControl = "public, max-age=3600";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.AccessControlAllowOrigin = "*";
        response.Headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        return script.Answer(context, "text/javascript; charset=utf-8");
    }
}
