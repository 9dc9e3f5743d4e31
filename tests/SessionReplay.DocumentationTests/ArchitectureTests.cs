using System.Text.RegularExpressions;
using System.Xml.Linq;
using SessionReplay.Testing;

namespace SessionReplay.DocumentationTests;

/// <summary>Packages, and the top folders of each, use each other in one direction only; docs/architecture.md shows how.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly string Page = Repository.File("docs", "architecture.md");

    public static TheoryData<string> Packages => [.. Libraries.All.Select(assembly => assembly.GetName().Name!)];

    [Theory]
    [MemberData(nameof(Packages))]
    public void Folders_OfPackage_HaveNoCycle(string package) => Assert.Empty(SourceFolders.Read(package).FindCycle());

    [Fact]
    public void FindCycle_TwoFoldersThatUseEachOther_NamesThem()
    {
        var graph = new DependencyGraph();
        graph.Add("Ingest", "Worker");
        graph.Add("Worker", "Lifecycle");
        graph.Add("Lifecycle", "Ingest");

        Assert.Equal(["Ingest", "Worker", "Lifecycle", "Ingest"], graph.FindCycle());
    }

    [Fact]
    public void Page_Diagrams_ShowWhatTheSourceHolds()
    {
        var text = File.ReadAllText(Page);
        var expected = Replace(text, "packages", ReadPackages());
        foreach (var package in new[] { "SessionReplay.Pipeline", "SessionReplay.AspNetCore" })
        {
            expected = Replace(expected, package, SourceFolders.Read(package));
        }

        if (Environment.GetEnvironmentVariable("SESSION_REPLAY_WRITE_DOCS") == "1")
        {
            File.WriteAllText(Page, expected);
        }

        Assert.Equal(expected, File.ReadAllText(Page));
    }

    private static DependencyGraph ReadPackages()
    {
        var graph = new DependencyGraph();
        foreach (var file in Directory.GetFiles(Repository.File("src"), "*.csproj", SearchOption.AllDirectories))
        {
            var package = Path.GetFileNameWithoutExtension(file);
            graph.AddPart(Short(package));
            foreach (var reference in XDocument.Load(file).Descendants("ProjectReference"))
            {
                graph.Add(Short(package), Short(Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value)));
            }
        }

        Assert.Empty(graph.FindCycle());
        return graph;
    }

    private static string Short(string package) => package["SessionReplay.".Length..];

    private static string Replace(string text, string diagram, DependencyGraph graph)
    {
        var found = Diagrams().Matches(text).Single(match => match.Groups["name"].Value == diagram);
        return text.Remove(found.Groups["body"].Index, found.Groups["body"].Length).Insert(found.Groups["body"].Index, graph.ToMermaid());
    }

    [GeneratedRegex(
        @"<!-- diagram: (?<name>[\w.]+) -->\n+```mermaid\n(?<body>.*?)\n```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Diagrams();
}
