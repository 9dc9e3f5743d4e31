using System.Collections;
using System.Reflection;
using System.Text;

namespace SessionReplay.DocumentationTests;

/// <summary>Writes docs/configuration.md from the options classes and their documentation.</summary>
internal static class ConfigurationPage
{
    public static string Write()
    {
        var page = new StringBuilder(
            """
            # Configuration

            Every option with its path, its default and its range. Values are read from any configuration source; in environment variables write `__`
            for `:`. `{n}` counts from 0. The host fails to start if an option is out of range, of another
            type or unknown, and the error names its path. Durations are `hh:mm:ss`, with days `d.hh:mm:ss`; a number alone means days.

            This page is written from the options classes: after a change run `SESSION_REPLAY_WRITE_DOCS=1 dotnet test tests/SessionReplay.DocumentationTests`.

            """);
        page.Append(
            "\n## Adapters\n\nWhich queue, store, catalog, key store and key management is used. Reference the package of the one you choose.\n\n");
        page.Append("| option | values |\n| --- | --- |\n");
        foreach (var kind in Libraries.AdapterNames.GroupBy(adapter => adapter.Kind))
        {
            page.Append("| `SessionReplay:").Append(kind.Key).Append(":Provider` | ");
            page.AppendJoin(", ", kind.Select(adapter => $"`{adapter.Name}` ({adapter.Package})")).Append(" |\n");
        }

        foreach (var (section, type) in Sections())
        {
            page.Append("\n## `").Append(section).Append("`\n\n").Append(XmlDocs.Summary(type)).Append(" Package `")
                .Append(type.Assembly.GetName().Name).Append("`.\n\n");
            page.Append("| option | default | meaning |\n| --- | --- | --- |\n");
            WriteRows(page, string.Empty, type, Activator.CreateInstance(type)!, 0);
        }

        return page.ToString();
    }

    /// <summary>All sections: the root with what is nested in it, then each adapter's.</summary>
    public static IEnumerable<(string Section, Type Type)> Sections()
    {
        foreach (var root in Libraries.Options.Where(type => type.Name == "SessionReplayOptions"))
        {
            yield return ("SessionReplay", root);
        }

        foreach (var adapter in Libraries.Adapters)
        {
            yield return adapter;
        }

        foreach (var other in ExplicitSections.All)
        {
            yield return other;
        }
    }

    /// <summary>The options classes that are reached as properties of others.</summary>
    public static IEnumerable<Type> Nested(Type type) =>
        Settable(type)
            .Select(property => ItemType(property.PropertyType) ?? property.PropertyType)
            .Where(IsNested)
            .SelectMany(nested => Nested(nested).Prepend(nested));

    private static void WriteRows(StringBuilder page, string prefix, Type type, object defaults, int depth)
    {
        if (Settable(type).ToList() is { Count: > 1 } alike && IsNested(alike[0].PropertyType)
            && alike.All(property => property.PropertyType == alike[0].PropertyType))
        {
            WriteAlike(page, prefix, alike, defaults);
            return;
        }

        foreach (var property in Settable(type))
        {
            var path = prefix + property.Name;
            if (IsNested(property.PropertyType) && depth < 4)
            {
                if (property.GetValue(defaults) is { } nested)
                {
                    WriteRows(page, path + ":", property.PropertyType, nested, depth + 1);
                    continue;
                }
            }

            if (ItemType(property.PropertyType) is { } item && depth < 4)
            {
                WriteRows(page, path + ":{n}:", item, Activator.CreateInstance(item)!, depth + 1);
                continue;
            }

            WriteRow(page, path, Default(property.GetValue(defaults)), property);
        }
    }

    /// <summary>Several nested classes of one type: each option once, with the defaults that differ.</summary>
    private static void WriteAlike(StringBuilder page, string prefix, List<PropertyInfo> alike, object defaults)
    {
        page.Append("| `").Append(prefix).Append("{dependency}` | | `{dependency}` is one of ");
        page.AppendJoin(", ", alike.Select(dependency => $"`{dependency.Name}`")).Append(". |\n");
        foreach (var property in Settable(alike[0].PropertyType))
        {
            var values = alike.ConvertAll(
                dependency => (dependency.Name, Value: Default(property.GetValue(dependency.GetValue(defaults)))));
            var usual = values.CountBy(value => value.Value).MaxBy(count => count.Value).Key;
            var others = values.Where(value => value.Value != usual).Select(value => $"`{value.Name}` {value.Value}");
            WriteRow(page, $"{prefix}{{dependency}}:{property.Name}", string.Join("; ", others.Prepend(usual)), property);
        }
    }

    private static void WriteRow(StringBuilder page, string path, string defaults, PropertyInfo property)
    {
        var meaning = $"{Meaning(XmlDocs.Summary(property))} {XmlDocs.Value(property)}".Trim();
        page.Append("| `").Append(path).Append("` | ").Append(defaults).Append(" | ").Append(meaning).Append(" |\n");
    }

    private static IEnumerable<PropertyInfo> Settable(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetIndexParameters().Length == 0 && !typeof(Delegate).IsAssignableFrom(property.PropertyType))
            .Where(property => property.SetMethod is { IsPublic: true } || typeof(IEnumerable).IsAssignableFrom(property.PropertyType)
            || IsNested(property.PropertyType));

    /// <summary>The options class that a list holds, or <see langword="null"/>.</summary>
    private static Type? ItemType(Type type) =>
        type.IsGenericType && type.GetGenericArguments() is [var item] && IsNested(item) ? item : null;

    private static bool IsNested(Type type) =>
        type is { IsClass: true } && type != typeof(string) && type.Namespace?.StartsWith("SessionReplay", StringComparison.Ordinal) == true
        && !typeof(IEnumerable).IsAssignableFrom(type);

    private static string Meaning(string summary)
    {
        foreach (var verb in new[] { "Gets or sets ", "Gets " })
        {
            if (summary.StartsWith(verb, StringComparison.Ordinal))
            {
                var rest = summary[verb.Length..];
                return char.ToUpperInvariant(rest[0]) + rest[1..];
            }
        }

        return summary;
    }

    private static string Default(object? value) => value switch
    {
        null => "none",
        string { Length: 0 } => "empty",
        string text => $"`{text}`",
        bool flag => flag ? "`true`" : "`false`",
        IDictionary { Count: 0 } => "empty",
        IEnumerable many =>
            many.Cast<object>().Take(40).Select(item => $"`{item}`").ToList() is { Count: > 0 } items ? string.Join(", ", items) : "empty",
        TimeSpan time => $"`{(time.Ticks % TimeSpan.TicksPerSecond == 0 ? $"{time:c}" : $"{time:c}".TrimEnd('0'))}`",
        IFormattable number => $"`{number.ToString(null, System.Globalization.CultureInfo.InvariantCulture)}`",
        _ => $"`{value}`",
    };
}
