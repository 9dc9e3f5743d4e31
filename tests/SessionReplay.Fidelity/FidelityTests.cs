namespace SessionReplay.Fidelity;

/// <summary>A replay shows what the visitor saw.</summary>
public sealed class FidelityTests(FidelityRun run) : IClassFixture<FidelityRun>
{
    /// <summary>For work on some pages: FIDELITY_PAGES holds parts of their names, separated by commas.</summary>
    private static readonly FidelityPage[] Selected = [.. Select(Environment.GetEnvironmentVariable("FIDELITY_PAGES"))];

    public static TheoryData<string> Pages => [.. Selected.Select(page => page.ToString())];

    [SkippableTheory]
    [MemberData(nameof(Pages))]
    public Task Replay_OfPage_DiffersAsDeclaredAndNotOtherwise(string name) => CheckAsync(name);

    private async Task CheckAsync(string name)
    {
        var page = Selected.Single(page => page.ToString() == name);
        var findings = await run.FindAsync(page, Selected);

        var declared = page.Known.SelectMany(known => known.Places).ToHashSet();
        var undeclared = findings.Where(finding => !declared.Contains((finding.Mode, finding.Aspect))).ToList();
        Assert.True(undeclared.Count == 0, $"{name} differs:\n{string.Join('\n', undeclared)}");
        var gone = declared.Except(findings.Select(finding => (finding.Mode, finding.Aspect))).ToList();
        Assert.True(gone.Count == 0, $"{name} does not differ any more, although its head says so: {string.Join(", ", gone)}");
    }

    private static IEnumerable<FidelityPage> Select(string? parts) =>
        PageFiles.Pages.Where(page => parts is null || parts.Split(',').Any(part => page.Path.Contains(part, StringComparison.Ordinal)));
}
