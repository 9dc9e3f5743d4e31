namespace SessionReplay.Player.Console;

/// <summary>The scripts of the player.</summary>
internal static class PlayerBundle
{
    /// <summary>The web components.</summary>
    public static readonly BundledScript Player = new("session-replay-player.js");

    /// <summary>The worker that the player starts; its address lies beside the player's.</summary>
    public static readonly BundledScript Worker = new("session-replay-player.worker.js");
}
