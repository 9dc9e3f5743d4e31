using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace SessionReplay.AspNetCore;

/// <summary>A section of the configuration that notes what is read from it and from all below it.</summary>
internal sealed class TrackedSection(IConfigurationSection inner, SettingReads reads) : IConfigurationSection
{
    public string Key => inner.Key;

    public string Path => inner.Path;

    public string? Value
    {
        get
        {
            reads.AddValue(inner.Path);
            return inner.Value;
        }

        set => inner.Value = value;
    }

    public string? this[string key]
    {
        get
        {
            reads.AddName(inner.Path, key);
            reads.AddValue(ConfigurationPath.Combine(inner.Path, key));
            return inner[key];
        }

        set => inner[key] = value;
    }

    public IConfigurationSection GetSection(string key)
    {
        reads.AddName(inner.Path, key);
        return new TrackedSection(inner.GetSection(key), reads);
    }

    public IEnumerable<IConfigurationSection> GetChildren() => inner.GetChildren().Select(child => new TrackedSection(child, reads));

    public IChangeToken GetReloadToken() => inner.GetReloadToken();
}
