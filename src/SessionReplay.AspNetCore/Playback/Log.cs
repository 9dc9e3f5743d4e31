using Microsoft.Extensions.Logging;

namespace SessionReplay.AspNetCore.Playback;

/// <summary>
/// The log messages of this folder. Event ids of the package: hosting and keys from 1, ingest from 100, worker and lifecycle from 200,
/// playback from 300, resilience from 400.
/// </summary>
internal static partial class Log
{
    [LoggerMessage(300, LogLevel.Error, "A stored object is damaged or was tampered with: {Path}")]
    public static partial void ChunkCorrupt(ILogger logger, string path, Exception exception);

    [LoggerMessage(301, LogLevel.Warning, "Could not answer the playback request {Action}.")]
    public static partial void PlaybackFailed(ILogger logger, string action, Exception exception);

    [LoggerMessage(302, LogLevel.Error, "A playback answer broke off; the player asks again for what is missing: {Path}")]
    public static partial void StreamBrokeOff(ILogger logger, string path, Exception exception);

    [LoggerMessage(303, LogLevel.Error, "A chunk is missing, damaged or was tampered with; the player shows a gap: {Chunk}")]
    public static partial void ChunkUnreadable(ILogger logger, ChunkId chunk, Exception exception);

    [LoggerMessage(304, LogLevel.Error, "An asset is damaged or was tampered with; the player shows the page without it: {Tenant}/{Asset}")]
    public static partial void AssetUnreadable(ILogger logger, TenantId tenant, ContentHash asset, Exception exception);

    [LoggerMessage(306, LogLevel.Warning, "The blob store did not presign a URL; the application sends the recording itself.")]
    public static partial void NotPresigned(ILogger logger, Exception exception);

    [LoggerMessage(
        305, LogLevel.Warning,
        "Could not note which sessions are watched live; in other processes, their recorders send as if nobody watched. Logging at most one failure a minute.")]
    public static partial void WatchedNotNoted(ILogger logger, Exception exception);
}
