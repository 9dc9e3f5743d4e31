using Microsoft.Extensions.Logging;

namespace SessionReplay.AspNetCore;

/// <summary>The log messages of this package. Event ids: the start from 1, ingest from 100, worker from 200, playback from 300.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "{Setting}")]
    public static partial void SettingUnused(ILogger logger, string setting);

    [LoggerMessage(2, LogLevel.Critical, "Nothing can be recorded or played: keys cannot be used. {Reason}")]
    public static partial void KeysUnusable(ILogger logger, string reason);

    [LoggerMessage(3, LogLevel.Warning, "The endpoints of session replay are not mapped: nothing is recorded or played. Add app.MapSessionReplay();")]
    public static partial void NotMapped(ILogger logger);

    [LoggerMessage(4, LogLevel.Warning, "SessionReplay.Player is referenced and its console is not mapped. Add app.MapSessionReplayConsole(); or show the player on a page of your own.")]
    public static partial void ConsoleNotMapped(ILogger logger);

    [LoggerMessage(5, LogLevel.Warning, "{File} holds the tag <session-replay-recorder>, which records nothing in a Razor component. Write <SessionReplayRecorder /> and add @using SessionReplay.AspNetCore.Components.")]
    public static partial void TagInComponent(ILogger logger, string file);

    [LoggerMessage(6, LogLevel.Debug, "The application's Razor components could not be read to look for the recorder's tag.")]
    public static partial void ComponentsNotChecked(ILogger logger, Exception exception);

    [LoggerMessage(100, LogLevel.Warning, "A request of a page was refused with {Code}; it will be sent again.")]
    public static partial void RequestNotAccepted(ILogger logger, string code, Exception exception);
}
