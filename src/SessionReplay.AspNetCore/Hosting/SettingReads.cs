using System.Collections.Concurrent;

namespace SessionReplay.AspNetCore;

/// <summary>What has been read from the section of the settings: by binding, and by adapters.</summary>
internal sealed class SettingReads
{
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, byte>> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, byte> _values = new(StringComparer.OrdinalIgnoreCase);

    public void AddName(string section, string name) =>
        _names.GetOrAdd(section, static _ => new(StringComparer.OrdinalIgnoreCase)).TryAdd(name, 0);

    public void AddValue(string path) => _values.TryAdd(path, 0);

    public bool HasValue(string path) => _values.ContainsKey(path);

    /// <summary>The names that were asked for in a section; empty when none was: nothing has read it, or it is a list or a map.</summary>
    public IReadOnlyCollection<string> NamesIn(string section) =>
        _names.TryGetValue(section, out var names) ? [.. names.Keys.Order(StringComparer.Ordinal)] : [];

    public bool HasName(string section, string name) => _names.TryGetValue(section, out var names) && names.ContainsKey(name);
}
