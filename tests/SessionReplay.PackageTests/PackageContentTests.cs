using System.Xml.Linq;
using SessionReplay.Testing;

namespace SessionReplay.PackageTests;

[Collection(FeedCollection.Name)]
public sealed class PackageContentTests(Feed feed)
{
    /// <summary>Names that begin so are SDKs of clouds, brokers and databases: only adapters may bring them.</summary>
    private static readonly string[] Sdks =
        ["AWSSDK.", "Azure.", "Microsoft.Azure.", "Google.Apis", "Google.Cloud", "RabbitMQ.", "NATS.", "Confluent.", "Npgsql",
        "librdkafka"];

    [Theory]
    [InlineData("SessionReplay.Abstractions")]
    [InlineData("SessionReplay.Format")]
    [InlineData("SessionReplay.Pipeline")]
    [InlineData("SessionReplay.Crypto")]
    [InlineData("SessionReplay.Queues")]
    [InlineData("SessionReplay.Storage")]
    [InlineData("SessionReplay.AspNetCore")]
    [InlineData("SessionReplay.Player")]
    public void Dependencies_CorePackage_NoSdk(string id)
    {
        var dependencies = feed.Dependencies(id);

        Assert.DoesNotContain(dependencies, name => Array.Exists(Sdks, sdk => name.StartsWith(sdk, StringComparison.OrdinalIgnoreCase)));
        Assert.All(
            dependencies.Where(name => name.StartsWith("SessionReplay.", StringComparison.Ordinal)),
            name => Assert.True(name.Split('.').Length == 2, name));
    }

    [Fact]
    public void Dependencies_Abstractions_NoOtherPackageOfOurs() =>
        Assert.DoesNotContain(
            feed.Dependencies("SessionReplay.Abstractions"), name => name.StartsWith("SessionReplay.", StringComparison.Ordinal));

    [Fact]
    public void Content_EveryPackage_HasReadmeDocumentationAndNoMachinePath()
    {
        Assert.All(Feed.Ids, id =>
        {
            using var package = feed.Open(id);
            Assert.NotNull(package.GetEntry("README.md"));
            Assert.NotNull(package.GetEntry($"lib/net10.0/{id}.dll"));
            Assert.NotNull(package.GetEntry($"lib/net10.0/{id}.xml"));
            foreach (var entry in package.Entries.Where(
                e => Path.GetExtension(e.Name) is ".nuspec" or ".props" or ".targets" or ".json" or ".xml" or ".md" or ".js" or ".mjs"))
            {
                using var reader = new StreamReader(entry.Open());
                Assert.DoesNotContain(Repository.Root, reader.ReadToEnd(), StringComparison.Ordinal);
            }
        });
    }

    [Fact]
    public void Content_EveryPackage_HasIconAddressReleaseNotesAndSources() => Assert.All(Feed.Ids, id =>
    {
        using var package = feed.Open(id);
        using var nuspec = package.GetEntry($"{id}.nuspec")!.Open();
        var metadata = XDocument.Load(nuspec).Root!.Elements().Single();
        string? Value(string name) => metadata.Elements().SingleOrDefault(element => element.Name.LocalName == name)?.Value;
        Assert.NotNull(package.GetEntry(Value("icon")!));
        Assert.StartsWith("https://", Value("projectUrl"), StringComparison.Ordinal);
        Assert.Contains($"## {feed.Version}", Value("releaseNotes"), StringComparison.Ordinal);
        var repository = metadata.Elements().Single(element => element.Name.LocalName == "repository");
        Assert.Equal("git", repository.Attribute("type")!.Value);
        Assert.Contains($"/{repository.Attribute("commit")!.Value}/*", feed.SourceLink(id), StringComparison.Ordinal);
    });

    [Fact]
    public void Content_Player_HoldsItsStaticWebAssets()
    {
        using var package = feed.Open("SessionReplay.Player");

        var scripts = package.Entries.Where(
            e => e.FullName.StartsWith("staticwebassets/", StringComparison.Ordinal) && e.Name.EndsWith(".js", StringComparison.Ordinal));

        Assert.Contains(scripts, script => script.Length > 10_000);
    }
}
