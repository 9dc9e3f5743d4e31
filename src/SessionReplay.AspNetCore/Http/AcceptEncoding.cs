using Microsoft.AspNetCore.Http;

namespace SessionReplay.AspNetCore;

/// <summary>What a client can decompress.</summary>
internal static class AcceptEncoding
{
    public static bool HasGzip(HttpRequest request) =>
        request.GetTypedHeaders().AcceptEncoding.Any(e => e.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase) && e.Quality is not 0);
}
