using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using SessionReplay.Ingest;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>The session that a request's path names, of the tenant that its write key belongs to.</summary>
internal static class RequestSession
{
    /// <exception cref="IngestRejectedException">The path has no id of a session.</exception>
    public static SessionRef Read(HttpContext context, string id) => SessionId.TryParse(id, out var session)
        ? new(context.Features.GetRequiredFeature<WriteKey>().Tenant, session)
        : throw IngestProblems.NotFound();
}
