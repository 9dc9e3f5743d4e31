using System.Globalization;
using System.Text.RegularExpressions;
using SessionReplay.Testing;

namespace SessionReplay.GuideTests;

/// <summary>
/// A page of docs/guides. A comment above each block says what the tests do with it: <c>shop: Program.cs</c> makes the file of the
/// application <c>shop</c>, <c>shop: Program.cs, above app.Run();</c> inserts the block, <c>shop: appsettings.json</c> merges it,
/// <c>shop: run</c> runs it, and <c>not run: …</c> says why not.
/// </summary>
internal sealed partial class Guide
{
    private Guide(string file)
    {
        Text = File.ReadAllText(file);
        Name = Path.GetFileNameWithoutExtension(file);
        var labelled = Labelled().Matches(Text);
        Blocks = [.. labelled.SelectMany(Parse)];
        UnlabelledBlocks = (Fence().Count(Text) / 2) - labelled.Count;
    }

    public static IReadOnlyList<Guide> All { get; } =
        [.. Directory.GetFiles(Repository.File("docs", "guides"), "*.md").Order().Select(static file => new Guide(file))];

    public string Name { get; }

    public string Text { get; }

    public IReadOnlyList<GuideBlock> Blocks { get; }

    /// <summary>How many blocks have no comment that says what to do with them.</summary>
    public int UnlabelledBlocks { get; }

    public static Guide Named(string name) => All.Single(guide => guide.Name == name);

    public IEnumerable<GuideBlock> BlocksOf(string app) => Blocks.Where(block => block.Apps.Contains(app));

    /// <summary>The only block of an application that is, or goes into, a file.</summary>
    public string FileOf(string app, string target) => BlocksOf(app).Single(block => block.Target == target).Text;

    /// <summary>A block can go into several files, each named by a comment of its own.</summary>
    private static IEnumerable<GuideBlock> Parse(Match block)
    {
        foreach (Match comment in Comment().Matches(block.Groups["comments"].Value))
        {
            var (label, what) = (comment.Groups["label"].Value, comment.Groups["what"].Value);
            if (label != "not run")
            {
                var place = Place().Match(what);
                yield return new(
                    label.Split(", "),
                    place.Success ? what[..place.Index] : what,
                    place.Groups["place"].Value,
                    place.Groups["anchor"].Value,
                    place.Groups["lines"].Success ? int.Parse(place.Groups["lines"].Value, CultureInfo.InvariantCulture) : 1,
                    Unindented(block));
            }
        }
    }

    /// <summary>A block below a list item is indented.</summary>
    private static string Unindented(Match match) => match.Groups["indent"].Length == 0
        ? match.Groups["text"].Value
        : Regex.Replace(match.Groups["text"].Value, $"^ {{1,{match.Groups["indent"].Length}}}", string.Empty, RegexOptions.Multiline);

    [GeneratedRegex(
        @"^(?<comments>(?<indent> *)<!-- [^\n]+ -->\n(?: *<!-- [^\n]+ -->\n)*) *```[a-z]*\n(?<text>.*?)^ *```$",
        RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Labelled();

    [GeneratedRegex("<!-- (?<label>[a-z][a-z0-9, -]*): (?<what>[^\n]+) -->")]
    private static partial Regex Comment();

    [GeneratedRegex("^ *```", RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex(", (?:(?<place>above|below|in place of) (?:(?<lines>[0-9]+) lines from )?(?<anchor>.+)|(?<place>at the end))$")]
    private static partial Regex Place();
}
