using SessionReplay.Player.Console;

namespace SessionReplay.Player;

/// <summary>The static web assets of the player.</summary>
public static class PlayerAssets
{
    /// <summary>
    /// The path of the script that defines the web components <c>session-replay-list</c> and <c>session-replay-player</c>. The application
    /// serves it with <c>MapStaticAssets</c> or <c>UseStaticFiles</c>.
    /// </summary>
    public const string ScriptPath = "/_content/SessionReplay.Player/session-replay-player.js";

    /// <summary>
    /// Gets the script's hash for a Content Security Policy that names scripts by hash: <c>$"script-src
    /// '{PlayerAssets.ScriptIntegrity}'"</c>.
    /// </summary>
    /// <value><c>sha256-</c> and the hash in Base64. The script elements of the console, the components and the tag helpers carry it as
    /// <c>integrity</c>.</value>
    public static string ScriptIntegrity => PlayerBundle.Player.Integrity;
}
