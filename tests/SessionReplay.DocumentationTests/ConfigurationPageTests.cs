using SessionReplay.Testing;

namespace SessionReplay.DocumentationTests;

public sealed class ConfigurationPageTests
{
    private static readonly string Page = Repository.File("docs", "configuration.md");

    [Fact]
    public void Page_AllOptions_SaysWhatTheCodeHolds()
    {
        var expected = ConfigurationPage.Write();
        if (Environment.GetEnvironmentVariable("SESSION_REPLAY_WRITE_DOCS") == "1")
        {
            File.WriteAllText(Page, expected);
        }

        Assert.Equal(expected, File.ReadAllText(Page));
    }

    [Fact]
    public void Sections_EveryOptionsClass_IsReached()
    {
        var reached = ConfigurationPage.Sections().SelectMany(section => ConfigurationPage.Nested(section.Type).Prepend(section.Type))
            .ToHashSet();

        Assert.All(Libraries.Options, type => Assert.Contains(type, reached));
    }

    [Fact]
    public void Options_EveryOne_IsValidToCreateAndSealed() =>
        Assert.All(Libraries.Options, type =>
        {
            Assert.True(type.IsSealed, type.FullName);
            Assert.NotNull(Activator.CreateInstance(type));
        });
}
