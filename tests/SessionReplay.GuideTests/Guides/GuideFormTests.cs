namespace SessionReplay.GuideTests;

public sealed class GuideFormTests
{
    private const string Index = "README";

    private static readonly string[] Sections = ["## What you need", "## Steps", "## What you should see", "## What commonly goes wrong"];

    /// <summary>What the other tests follow: a block of anything else would not be tested.</summary>
    private static readonly string[] Followed =
    [
        "backup-and-restore check", "backup-and-restore shop", "blazor server", "blazor static", "blazor webassembly",
        "containers shop", "content-security-policy shop", "direct-delivery cors", "direct-delivery nginx", "direct-delivery shop",
        "iis shop", "images-and-fonts shop", "images-and-fonts without",
        "mvc-and-razor-pages mvc", "mvc-and-razor-pages razor", "publishing shop", "publishing single-file", "publishing trimmed",
        "reverse-proxy-and-path-base nginx", "reverse-proxy-and-path-base shop", "reverse-proxy-and-path-base yarp",
        "signed-in-users shop", "single-page-application api", "single-page-application origins", "single-page-application web",
        "upgrading back", "upgrading upgrade",
    ];

    [Fact]
    public void Sections_OfEachGuide_AreTheSame() => Assert.All(
        Guide.All.Where(static guide => guide.Name != Index),
        static guide => Assert.Equal(Sections, guide.Text.Split('\n').Where(Sections.Contains)));

    [Fact]
    public void Blocks_OfEachGuide_SayWhatTheTestsDoWithThem()
    {
        Assert.All(
            Guide.All,
            static guide => Assert.True(
                guide.UnlabelledBlocks == 0, $"{guide.Name}: {guide.UnlabelledBlocks} blocks have no comment above them"));
        var apps = from guide in Guide.All from block in guide.Blocks from app in block.Apps select $"{guide.Name} {app}";
        Assert.Equal(Followed, apps.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Index_NamesEachGuide() => Assert.All(
        Guide.All.Where(static guide => guide.Name != Index),
        static guide => Assert.Contains($"]({guide.Name}.md)", Guide.Named(Index).Text, StringComparison.Ordinal));
}
