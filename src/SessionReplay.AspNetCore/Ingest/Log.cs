using Microsoft.Extensions.Logging;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>
/// The log messages of this folder. Event ids of the package: hosting and keys from 1, ingest from 100, worker and lifecycle from 200,
/// playback from 300, resilience from 400.
/// </summary>
internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Warning, "Refused a recorder's request with {Code}; the recorder will retry.")]
    public static partial void RequestNotAccepted(ILogger logger, string code, Exception exception);

    [LoggerMessage(
        101, LogLevel.Warning,
        "Refused a recorder of {Origin}: its write key is not in SessionReplay:Tenants:…:WriteKeys. Logging at most one refusal a minute.")]
    public static partial void WriteKeyUnknown(ILogger logger, string origin);

    [LoggerMessage(
        102, LogLevel.Warning,
        "Refused a recorder of {Origin} at host {Host}: the origin may not use the write key. Add it to the key's Origins, or make the proxy pass the Host header on. Logging at most one refusal a minute.")]
    public static partial void OriginNotAllowed(ILogger logger, string origin, string host);

    [LoggerMessage(
        103, LogLevel.Warning,
        "Could not read which sessions are watched live in other processes; their recorders send as if nobody watched. Logging at most one failure a minute.")]
    public static partial void WatchedUnknown(ILogger logger, Exception exception);
}
