using System.Text.RegularExpressions;
using SessionReplay.Testing;

namespace SessionReplay.DocumentationTests;

public sealed partial class LinkTests
{
    [Fact]
    public void Links_OfEveryDocument_LeadToAFile()
    {
        var documents = Directory.GetFiles(Repository.Root, "*.md")
            .Concat(Directory.GetFiles(Repository.File("docs"), "*.md", SearchOption.AllDirectories))
            .Concat(Directory.GetDirectories(Repository.File("src")).Select(folder => Path.Combine(folder, "README.md"))
                .Where(File.Exists));

        Assert.All(documents, document =>
        {
            foreach (Match link in Link().Matches(File.ReadAllText(document)))
            {
                var target = link.Groups[1].Value.Split('#')[0];
                if (target.Length > 0 && !target.Contains("://", StringComparison.Ordinal))
                {
                    var path = Path.Combine(Path.GetDirectoryName(document)!, target);
                    Assert.True(
                        File.Exists(path) || Directory.Exists(path), $"{Path.GetRelativePath(Repository.Root, document)}: {target}");
                }
            }
        });
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}
