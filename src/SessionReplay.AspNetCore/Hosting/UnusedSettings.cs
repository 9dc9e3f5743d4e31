using Microsoft.Extensions.Configuration;

namespace SessionReplay.AspNetCore;

/// <summary>
/// Finds what the configuration says and nothing reads. A misspelt section would otherwise go unnoticed and the process would run on the embedded defaults,
/// whose files may not outlive it. It is told and not refused: an application may keep settings of its own there.
/// </summary>
internal sealed class UnusedSettings(IConfigurationSection? section)
{
    private static readonly string[] Known =
    [
        .. Parts.All,
        "Crypto",
        nameof(SessionReplayOptions.Roles),
        nameof(SessionReplayOptions.DataDirectory),
        nameof(SessionReplayOptions.Tenants),
        nameof(SessionReplayOptions.Ingest),
        nameof(SessionReplayOptions.Worker),
        nameof(SessionReplayOptions.Sessions),
        nameof(SessionReplayOptions.Playback),
        nameof(SessionReplayOptions.Resilience),
        nameof(SessionReplayOptions.Sanitizing),
    ];

    /// <summary>A sentence for each.</summary>
    public IEnumerable<string> Find()
    {
        foreach (var child in section?.GetChildren() ?? [])
        {
            if (!Known.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            {
                yield return $"'{child.Path}' is no setting of session replay and changes nothing. Known are: {string.Join(", ", Known)}.";
            }
        }

        foreach (var part in Parts.All)
        {
            var chosen = section?.GetSection(part);
            foreach (var adapter in chosen?["Provider"] is null ? chosen?.GetChildren() ?? [] : [])
            {
                if (AdapterNames.Find(part, adapter.Key) is var (name, _) && name != Parts.DefaultAdapter(part))
                {
                    yield return $"'{adapter.Path}' is set and '{chosen!.Path}:Provider' is not: the configuration chooses {Parts.DefaultAdapter(part)}, not {name}.";
                }
            }
        }
    }
}
