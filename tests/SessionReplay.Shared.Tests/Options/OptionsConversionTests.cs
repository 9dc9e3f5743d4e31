using Microsoft.Extensions.Configuration;

namespace SessionReplay.Shared.Tests.Options;

public sealed class OptionsConversionTests
{
    [Theory]
    [InlineData("Time", "30 seconds", "hh:mm:ss")]
    [InlineData("Flag", "maybe", "true or false")]
    [InlineData("Count", "many", "a whole number")]
    [InlineData("Ratio", "half", "a number, for instance 0.5")]
    [InlineData("Day", "Someday", "Sunday or Monday")]
    public void Explain_ValueOfAnotherType_NamesThePathAndWhatToWrite(string option, string value, string usage)
    {
        var section = Section(option, value);

        var thrown = Assert.Throws<InvalidOperationException>(() => OptionsConversion.Explain(() => section.Bind(new Values())));

        Assert.StartsWith($"'A:B:{option}' ", thrown.Message, StringComparison.Ordinal);
        Assert.Contains(usage, thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(value, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_OtherError_IsPassedOn()
    {
        var error = new InvalidOperationException("something else");

        Assert.Same(error, Record.Exception(() => OptionsConversion.Explain(() => throw error)));
    }

    internal static IConfigurationSection Section(string option, string value) => new ConfigurationBuilder()
        .AddInMemoryCollection(new Dictionary<string, string?> { [$"A:B:{option}"] = value }).Build().GetSection("A:B");

    internal sealed class Values
    {
        [TimeRange("00:00:01", "01:00:00")]
        public TimeSpan Time { get; set; } = TimeSpan.FromSeconds(30);

        public bool Flag { get; set; }

        public int Count { get; set; }

        public double Ratio { get; set; }

        public DayOfWeek Day { get; set; }
    }
}
