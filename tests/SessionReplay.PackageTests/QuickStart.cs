using System.Text.RegularExpressions;
using SessionReplay.Testing;

namespace SessionReplay.PackageTests;

/// <summary>The quick start of the README, as a reader would copy it.</summary>
internal static partial class QuickStart
{
    private static readonly Dictionary<string, string> Blocks = Block()
        .Matches(File.ReadAllText(Repository.File("README.md")))
        .ToDictionary(match => match.Groups["name"].Value, match => match.Groups["text"].Value);

    /// <summary>The commands that add the packages.</summary>
    public static IReadOnlyList<string> Commands =>
        Blocks["packages"].Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The tag for pages that Razor does not make.</summary>
    public static string Script => Blocks["script"].Trim();

    /// <summary>The files: path and content.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Files => Blocks.Where(block => Path.HasExtension(block.Key));

    [GeneratedRegex(@"<!-- quick-start: (?<name>[^ ]+) -->\n```[a-z]*\n(?<text>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
