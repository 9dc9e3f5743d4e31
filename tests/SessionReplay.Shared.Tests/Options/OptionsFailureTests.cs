using Microsoft.Extensions.Options;

namespace SessionReplay.Shared.Tests.Options;

public sealed class OptionsFailureTests
{
    [Theory]
    [InlineData("PartBytes: The field S3Options.PartBytes must be between 1 and 2.", "'A:B:PartBytes' must be between 1 and 2.")]
    [InlineData("S3Options.Inner.Region is not set.", "'A:B:Inner:Region' is not set.")]
    [InlineData("Something else.", "In the configuration section 'A:B': Something else.")]
    [InlineData(
        "LeaseTime: The field S3Options.LeaseTime must be between 00:00:01 and 01:00:00.",
        "'A:B:LeaseTime' must be between 00:00:01 and 01:00:00. Durations are hh:mm:ss: 30 alone means 30 days.")]
    public void At_FailureOfAnAttribute_NamesThePathInPlaceOfTheMember(string failure, string expected) =>
        Assert.Equal([expected], ValidateOptionsResult.Fail(failure).At<S3Options>("A:B").Failures);

    [Fact]
    public void At_MoreFailures_KeepsAll()
    {
        Assert.Same(ValidateOptionsResult.Success, ValidateOptionsResult.Success.At<S3Options>("A:B"));
        Assert.Equal(["one"], ValidateOptionsResult.Success.At<S3Options>("A:B", "one").Failures);
        Assert.Equal(["'A:B:X' is 1", "two"], ValidateOptionsResult.Fail("S3Options.X is 1").At<S3Options>("A:B", ["two"]).Failures);
    }

    private sealed class S3Options;
}
