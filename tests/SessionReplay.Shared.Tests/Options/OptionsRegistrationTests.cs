using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Values = SessionReplay.Shared.Tests.Options.OptionsConversionTests.Values;

namespace SessionReplay.Shared.Tests.Options;

public sealed class OptionsRegistrationTests
{
    private readonly ServiceCollection _services = new();

    [Theory]
    [InlineData("00:00:00", false)]
    [InlineData("00:00:01", true)]
    [InlineData("01:00:00", true)]
    [InlineData("01:00:01", false)]
    public void AddCheckedOptions_Duration_IsCheckedAndNamedByItsPath(string time, bool isValid)
    {
        _services.AddCheckedOptions(new ValuesValidator("A:B"), options => options.Time = TimeSpan.Parse(time, null));

        var thrown = Record.Exception(() => Read());

        Assert.Equal(isValid, thrown is null);
        if (thrown is OptionsValidationException refusal)
        {
            Assert.Equal(
                $"'A:B:Time' must be between 00:00:01 and 01:00:00. Durations are hh:mm:ss: 30 alone means 30 days.",
                Assert.Single(refusal.Failures));
        }
    }

    [Fact]
    public void AddCheckedOptions_ValueOfAnotherType_IsExplained()
    {
        var section = OptionsConversionTests.Section("Time", "soon");
        _services.AddCheckedOptions(new ValuesValidator("A:B"), options => section.Bind(options));

        Assert.Contains("hh:mm:ss", Assert.Throws<InvalidOperationException>(Read).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GetClient_KeyOrNone_FindsThatOfTheApplication()
    {
        using var provider = _services.AddSingleton("without").AddKeyedSingleton("a", "with").BuildServiceProvider();

        Assert.Equal("without", provider.GetClient<string>(""));
        Assert.Equal("with", provider.GetClient<string>("a"));
        Assert.Throws<InvalidOperationException>(() => provider.GetClient<string>("b"));
    }

    private Values Read()
    {
        using var provider = _services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<Values>>().Value;
    }
}
