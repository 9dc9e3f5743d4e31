namespace SessionReplay.Fidelity;

/// <summary>The ways to come to a moment in the player.</summary>
internal static class Replay
{
    public const string Seek = "seek";
    public const string Play = "play";

    public static readonly string[] Modes = [Seek, Play];
}
