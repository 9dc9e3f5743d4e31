using Microsoft.Extensions.Logging;

namespace SessionReplay.AspNetCore;

/// <summary>
/// The log messages of this folder. Event ids of the package: hosting and keys from 1, ingest from 100, worker and lifecycle from 200,
/// playback from 300, resilience from 400.
/// </summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "{Setting}")]
    public static partial void SettingUnused(ILogger logger, string setting);

    [LoggerMessage(
        2, LogLevel.Warning,
        "{Service} is also registered outside of the {Kind} adapter. That registration counts, but the adapter's other services and its health check stay. To replace the adapter, call UseAdapter on the builder that AddSessionReplay returned.")]
    public static partial void AdapterOverridden(ILogger logger, string service, AdapterKind kind);

    [LoggerMessage(
        3, LogLevel.Warning, "SessionReplay's endpoints are not mapped, so nothing is recorded or played. Add app.MapSessionReplay();")]
    public static partial void NotMapped(ILogger logger);

    [LoggerMessage(
        4, LogLevel.Warning,
        "SessionReplay.Player is referenced, but its console is not mapped. Add app.MapSessionReplayConsole(); or show the player on a page of your own.")]
    public static partial void ConsoleNotMapped(ILogger logger);

    [LoggerMessage(
        5, LogLevel.Warning,
        "{File} contains the tag <session-replay-recorder>, which records nothing in a Razor component. Use <SessionReplayRecorder /> and add @using SessionReplay.AspNetCore.Components.")]
    public static partial void TagInComponent(ILogger logger, string file);

    [LoggerMessage(
        7, LogLevel.Warning,
        "The blob store did not answer the request for a presigned URL. Until the process restarts, the console's Content Security Policy does not name the store, so recordings that are viewed there come through the application.")]
    public static partial void OriginUnknown(ILogger logger, Exception exception);

    [LoggerMessage(6, LogLevel.Debug, "Could not read the application's Razor components to check for the recorder tag.")]
    public static partial void ComponentsNotChecked(ILogger logger, Exception exception);
}
