using SessionReplay.Testing;
using Xunit.Abstractions;

namespace SessionReplay.Fidelity;

/// <summary>The documentation says what the pages declare.</summary>
public sealed class FidelityTableTests(ITestOutputHelper output)
{
    /// <summary>With FIDELITY_WRITE set, the file is written: eng/fidelity.sh.</summary>
    [Fact]
    public void Table_InDocs_IsCurrent()
    {
        var file = Repository.File("docs", "fidelity.md");
        var table = FidelityTable.Write(PageFiles.Pages);
        output.WriteLine(table);
        if (Environment.GetEnvironmentVariable("FIDELITY_WRITE") is not null)
        {
            File.WriteAllText(file, table);
        }

        Assert.True(File.ReadAllText(file) == table, "docs/fidelity.md is not current: run eng/fidelity.sh");
    }

    [Fact]
    public void Pages_AreAtLeast150_AndNamedOnce()
    {
        Assert.True(PageFiles.Pages.Count >= 150, $"{PageFiles.Pages.Count} pages");
        Assert.Equal(PageFiles.Pages.Count, PageFiles.Pages.Select(page => page.Path).Distinct().Count());
        Assert.DoesNotContain(PageFiles.Pages, page => page.Known.Any(known => known.Reason.Contains("TODO", StringComparison.Ordinal)));
    }
}
