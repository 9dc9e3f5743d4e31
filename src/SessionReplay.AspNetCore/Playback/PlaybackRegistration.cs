namespace SessionReplay.AspNetCore.Playback;

/// <summary>Registers what the role <see cref="SessionReplayRoles.Playback"/> needs.</summary>
internal static class PlaybackRegistration
{
    public static void AddPlayback(ISessionReplayBuilder builder) => ArgumentNullException.ThrowIfNull(builder);
}
