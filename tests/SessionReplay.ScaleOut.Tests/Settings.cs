using System.Text.RegularExpressions;
using SessionReplay.Testing;

namespace SessionReplay.ScaleOut.Tests;

/// <summary>The names of settings that exist, in the form of environment variables with <c>{n}</c> for numbers.</summary>
internal static partial class Settings
{
    /// <summary>Those of the platform and of the sample itself.</summary>
    private static readonly string[] Others =
    [
        "ASPNETCORE_FORWARDEDHEADERS_ENABLED", "ASPNETCORE_HTTP_PORTS", "HOME", "Management__Port", "Users__{n}__Name",
        "Users__{n}__Password", "Users__{n}__Roles__{n}",
    ];

    /// <summary>docs/configuration.md, which another test holds against the code.</summary>
    private static readonly HashSet<string> Known = [.. Documented(), .. Others];

    public static bool Exists(string variable) => Known.Contains(Normal(variable));

    /// <summary>The adapters that a provider setting may name, or <see langword="null"/> for a setting that is none.</summary>
    public static IReadOnlyList<string>? Providers(string variable)
    {
        var row = File.ReadLines(Page)
            .FirstOrDefault(
                line => line.StartsWith($"| `{variable.Replace("__", ":", StringComparison.Ordinal)}` | `", StringComparison.Ordinal));
        return row is null || !variable.EndsWith("__Provider", StringComparison.Ordinal)
            ? null
            : [.. Code().Matches(row).Skip(1).Select(match => match.Groups[1].Value)];
    }

    private static string Page => Repository.File("docs", "configuration.md");

    private static IEnumerable<string> Documented()
    {
        var section = string.Empty;
        foreach (var line in File.ReadLines(Page))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                section = Code().Match(line) is { Success: true } match ? match.Groups[1].Value + ":" : string.Empty;
            }
            else if (line.StartsWith("| `", StringComparison.Ordinal))
            {
                var option = section + Code().Match(line).Groups[1].Value;
                yield return option.Replace(":", "__", StringComparison.Ordinal);

                // An item of a list of texts.
                yield return option.Replace(":", "__", StringComparison.Ordinal) + "__{n}";
            }
        }
    }

    private static string Normal(string variable) => Number().Replace(variable, "__{n}");

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex("__[0-9]+(?=__|$)")]
    private static partial Regex Number();
}
