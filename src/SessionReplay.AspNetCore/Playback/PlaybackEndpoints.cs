using Microsoft.AspNetCore.Routing;

namespace SessionReplay.AspNetCore.Playback;

/// <summary>Maps the endpoints of the role <see cref="SessionReplayRoles.Playback"/>.</summary>
internal static class PlaybackEndpoints
{
    /// <param name="group">The group of the prefix given to <c>MapSessionReplay</c>; playback lies in <c>api/</c> below it.</param>
    public static void Map(RouteGroupBuilder group) => ArgumentNullException.ThrowIfNull(group);
}
