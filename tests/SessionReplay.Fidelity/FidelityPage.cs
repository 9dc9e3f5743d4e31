using System.Globalization;

namespace SessionReplay.Fidelity;

/// <summary>A page of the suite, and what is known of its replay.</summary>
/// <param name="Group">The file that it stands in.</param>
/// <param name="Name">Its name, unique in the suite.</param>
/// <param name="Html">The page, or its body.</param>
/// <param name="Facts">The lines of its head.</param>
internal sealed record FidelityPage(string Group, string Name, string Html, IReadOnlyList<(string Key, string Value)> Facts)
{
    public const string RecorderMark = "<!--recorder-->";

    public string Path => $"/{Group}/{Name}";

    public string ContentType => Find("type") ?? "text/html";

    public bool IsMasked => Find("mask") is not null;

    public int LoadMs => Number("load", 250);

    public int SettleMs => Number("settle", 250);

    /// <summary>What the visitor does; empty for a page that has its steps in a script.</summary>
    public IReadOnlyList<string> Actions => [.. Facts.Where(fact => fact.Key == "do").Select(fact => fact.Value)];

    public IReadOnlyList<KnownDifference> Known =>
        [.. Facts.Where(fact => fact.Key == "known").Select(fact => KnownDifference.Parse(fact.Value))];

    public override string ToString() => Path[1..];

    private string? Find(string key) => Facts.FirstOrDefault(fact => fact.Key == key).Value;

    private int Number(string key, int otherwise) => Find(key) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
