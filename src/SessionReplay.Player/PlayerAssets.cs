namespace SessionReplay.Player;

/// <summary>The static web assets of the player.</summary>
public static class PlayerAssets
{
    /// <summary>The path of the script that defines the web components <c>session-replay-list</c> and <c>session-replay-player</c>. The application serves it with <c>MapStaticAssets</c> or <c>UseStaticFiles</c>.</summary>
    public const string ScriptPath = "/_content/SessionReplay.Player/session-replay-player.js";
}
