using Microsoft.Extensions.Configuration;

namespace SessionReplay.AspNetCore;

/// <summary>The text form of <see cref="SessionReplayOptions.Roles"/>.</summary>
internal static class RolesText
{
    /// <summary>How it is written, for errors.</summary>
    public const string Usage = "use Ingest, Worker, Playback, several of them in one text with commas between, or All";

    /// <summary>Refuses what binding would pass over (a list) or refuse without saying what is known (another word).</summary>
    /// <exception cref="InvalidOperationException">The section's roles are not understood.</exception>
    public static void Check(IConfigurationSection section)
    {
        var roles = section.GetSection(nameof(SessionReplayOptions.Roles));
        if (roles.GetChildren().Any())
        {
            throw new InvalidOperationException($"'{roles.Path}' is a list; {Usage}.");
        }

        if (roles.Value is { Length: > 0 } text && !Enum.TryParse<SessionReplayRoles>(text, ignoreCase: true, out _))
        {
            throw new InvalidOperationException($"'{roles.Path}' is '{text}'; {Usage}.");
        }
    }
}
