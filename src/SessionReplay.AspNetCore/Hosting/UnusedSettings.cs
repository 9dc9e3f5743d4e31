using Microsoft.Extensions.Configuration;

namespace SessionReplay.AspNetCore;

/// <summary>Finds what the configuration says and nothing reads: a misspelt option would be silent otherwise, and a misspelt privacy option a leak.</summary>
/// <param name="section">The settings, or <see langword="null"/> when they are in code alone.</param>
/// <param name="reads">What has been read of them. All options have been bound when it is asked.</param>
/// <param name="isConfigured">Whether the configuration, and not the application's code, chooses the adapter of a part.</param>
internal sealed class UnusedSettings(IConfigurationSection? section, SettingReads reads, Func<string, bool> isConfigured)
{
    /// <summary>What stops the start: a sentence for each setting that is unknown or has the wrong shape.</summary>
    public IReadOnlyList<string> FindErrors() =>
        section is null ? [] : [.. section.GetChildren().Where(child => PartOf(child) is not { } part || isConfigured(part)).SelectMany(child => FindIn(section, child)).Distinct()];

    /// <summary>What is only told: settings of adapters that are not the chosen ones.</summary>
    public IEnumerable<string> FindWarnings()
    {
        foreach (var part in Parts.All)
        {
            var settings = section?.GetSection(part);
            if (settings is null || !settings.GetChildren().Any())
            {
                continue;
            }

            if (!isConfigured(part))
            {
                yield return $"'{settings.Path}' changes nothing: the application registers this part in code.";
            }
            else if (settings["Provider"] is null)
            {
                foreach (var (adapter, name) in Adapters(part, settings).Where(adapter => adapter.Name != Parts.DefaultAdapter(part)))
                {
                    yield return $"'{adapter.Path}' is set and '{settings.Path}:Provider' is not: the configuration chooses {Parts.DefaultAdapter(part)}, not {name}.";
                }
            }
        }
    }

    private static IEnumerable<(IConfigurationSection Section, string Name)> Adapters(string part, IConfigurationSection settings)
    {
        foreach (var adapter in settings.GetChildren())
        {
            if (AdapterNames.Find(part, adapter.Key) is var (name, _))
            {
                yield return (adapter, name);
            }
        }
    }

    private IEnumerable<string> FindIn(IConfigurationSection parent, IConfigurationSection setting)
    {
        var names = reads.NamesIn(parent.Path);
        if (names.Count > 0 && !reads.HasName(parent.Path, setting.Key))
        {
            // The package of an adapter that is not the chosen one may not be there to read its settings.
            return PartOf(parent) is not { } part ? [Unknown(setting, names)]
                : AdapterNames.Find(part, setting.Key) is null ? [Unknown(setting, [.. names, .. AdapterNames.Of(part)])] : [];
        }

        var children = setting.GetChildren().ToList();
        if (children.Count == 0)
        {
            return setting.Value is not { Length: > 0 } || reads.HasValue(setting.Path) ? [] : [$"'{setting.Path}' is a single value; it is a section or a list."];
        }

        // What was read as a value, and in which nothing was asked for or enumerated, holds no settings.
        return reads.HasValue(setting.Path) && reads.NamesIn(setting.Path).Count == 0 && !children.Exists(child => reads.HasValue(child.Path) || reads.NamesIn(child.Path).Count > 0)
            ? [$"'{setting.Path}' is a section; it takes a single value."]
            : children.SelectMany(child => FindIn(setting, child));
    }

    private static string Unknown(IConfigurationSection setting, IReadOnlyCollection<string> names) =>
        NearestName.Find(setting.Key, names) is { } nearest
            ? $"'{setting.Path}' is not a SessionReplay setting; did you mean '{nearest}'?"
            : $"'{setting.Path}' is not a SessionReplay setting. Known are: {string.Join(", ", names.Distinct())}.";

    /// <summary>The part whose section this is, or <see langword="null"/>.</summary>
    private string? PartOf(IConfigurationSection child) =>
        child.Path.Length == section!.Path.Length + 1 + child.Key.Length ? Parts.All.FirstOrDefault(part => string.Equals(part, child.Key, StringComparison.OrdinalIgnoreCase)) : null;
}
