using Microsoft.Extensions.Configuration;

namespace SessionReplay.AspNetCore;

/// <summary>
/// Finds what the configuration says and nothing reads: a misspelt option would be silent otherwise, and a misspelt privacy option a leak.
/// </summary>
/// <param name="section">The settings, or <see langword="null"/> when they are in code alone.</param>
/// <param name="reads">What has been read of them. All options have been bound when it is asked.</param>
/// <param name="isConfigured">Whether the configuration, and not the application's code, chooses the adapter of a kind.</param>
internal sealed class UnusedSettings(IConfigurationSection? section, SettingReads reads, Func<AdapterKind, bool> isConfigured)
{
    /// <summary>What stops the start: a sentence for each setting that is unknown or has the wrong shape.</summary>
    public IReadOnlyList<string> FindErrors() =>
        section is null
            ? []
            : [.. section.GetChildren().Where(child => KindOf(child) is not { } kind || isConfigured(kind))
                .SelectMany(child => FindIn(section, child)).Distinct()];

    /// <summary>Returns what is worth a warning: settings of adapters that are not the chosen ones.</summary>
    public IEnumerable<string> FindWarnings()
    {
        foreach (var kind in AdapterKinds.All)
        {
            var settings = section?.GetSection(kind.ToString());
            if (settings is null || !settings.GetChildren().Any())
            {
                continue;
            }

            if (!isConfigured(kind))
            {
                yield return $"'{settings.Path}' changes nothing: the application registers an adapter of this kind in code.";
            }
            else if (settings["Provider"] is null)
            {
                var chosen = AdapterKinds.DefaultAdapter(kind);
                foreach (var (adapter, name) in Adapters(kind, settings).Where(adapter => adapter.Name != chosen))
                {
                    yield return $"'{adapter.Path}' is set and '{settings.Path}:Provider' is not: the configuration chooses {chosen}, not {name}.";
                }
            }
        }
    }

    private static IEnumerable<(IConfigurationSection Section, string Name)> Adapters(AdapterKind kind, IConfigurationSection settings)
    {
        foreach (var adapter in settings.GetChildren())
        {
            if (AdapterNames.Find(kind, adapter.Key) is var (name, _))
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
            return KindOf(parent) is not { } kind ? [Unknown(setting, names)]
                : AdapterNames.Find(kind, setting.Key) is null ? [Unknown(setting, [.. names, .. AdapterNames.Of(kind)])] : [];
        }

        var children = setting.GetChildren().ToList();
        if (children.Count == 0)
        {
            return setting.Value is not { Length: > 0 } || reads.HasValue(setting.Path)
                ? []
                : [$"'{setting.Path}' is a single value; it is a section or a list."];
        }

        // What was read as a value, and in which nothing was asked for or enumerated, holds no settings.
        return reads.HasValue(setting.Path) && reads.NamesIn(setting.Path).Count == 0
            && !children.Exists(child => reads.HasValue(child.Path) || reads.NamesIn(child.Path).Count > 0)
            ? [$"'{setting.Path}' is a section; it takes a single value."]
            : children.SelectMany(child => FindIn(setting, child));
    }

    private static string Unknown(IConfigurationSection setting, IReadOnlyCollection<string> names) =>
        NearestName.Find(setting.Key, names) is { } nearest
            ? $"'{setting.Path}' is not a SessionReplay setting; did you mean '{nearest}'?"
            : $"'{setting.Path}' is not a SessionReplay setting. Known are: {string.Join(", ", names.Distinct())}.";

    /// <summary>The kind whose section this is, or <see langword="null"/>.</summary>
    private AdapterKind? KindOf(IConfigurationSection child) =>
        child.Path.Length == section!.Path.Length + 1 + child.Key.Length
            ? AdapterKinds.All.Cast<AdapterKind?>().FirstOrDefault(
                kind => string.Equals(kind.ToString(), child.Key, StringComparison.OrdinalIgnoreCase))
            : null;
}
