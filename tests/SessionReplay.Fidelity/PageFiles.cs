using System.Text.RegularExpressions;
using SessionReplay.Testing;

namespace SessionReplay.Fidelity;

/// <summary>The pages and files in the folder Pages.</summary>
internal static partial class PageFiles
{
    public static string Folder { get; } = Repository.File("tests", "SessionReplay.Fidelity", "Pages");

    private static readonly List<FidelityPage> All = [];

    /// <summary>Text files by path.</summary>
    public static Dictionary<string, string> Files { get; } = new(StringComparer.Ordinal);

    static PageFiles()
    {
        foreach (var file in Directory.GetFiles(Folder, "*.html").Order(StringComparer.Ordinal))
        {
            Read(Path.GetFileNameWithoutExtension(file), File.ReadAllText(file));
        }
    }

    public static IReadOnlyList<FidelityPage> Pages => All;

    private static void Read(string group, string text)
    {
        var markers = Marker().Matches(text);
        for (var i = 0; i < markers.Count; i++)
        {
            var marker = markers[i];
            var end = i + 1 < markers.Count ? markers[i + 1].Index : text.Length;
            var body = text[(marker.Index + marker.Length)..end].Trim();
            var name = marker.Groups["name"].Value;
            if (marker.Groups["kind"].Value == "file")
            {
                Files.Add($"/{group}/{name}", body);
            }
            else
            {
                All.Add(new FidelityPage(
                    group, name, body, [.. marker.Groups["facts"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Fact)]));
            }
        }
    }

    private static (string, string) Fact(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (line.Trim(), string.Empty) : (line[..colon].Trim(), line[(colon + 1)..].Trim());
    }

    [GeneratedRegex(
        @"^<!--(?<kind>page|file) (?<name>[\w.-]+)(?<facts>(\n[a-z]+(:.*)?)*)\n?-->\n",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Marker();
}
