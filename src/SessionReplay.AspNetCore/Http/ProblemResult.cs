using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace SessionReplay.AspNetCore;

/// <summary>
/// Answers with a problem. <c>Results.Problem</c> needs the application's JSON options to know its types, which they do not in an
/// application that is trimmed.
/// </summary>
internal sealed class ProblemResult(Problem problem) : IResult, IStatusCodeHttpResult
{
    public Problem Problem => problem;

    public int? StatusCode => problem.Status;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = problem.Status;
        httpContext.Response.ContentType = "application/problem+json";
        return JsonSerializer.SerializeAsync(httpContext.Response.Body, problem, ProblemJson.Default.Problem, httpContext.RequestAborted);
    }
}
