using SessionReplay.Catalog;

namespace SessionReplay.Abstractions.Tests.Catalog;

public sealed class DatabaseTextTests
{
    // No theory: halves of pairs do not survive the way of test names.
    [Fact]
    public void Of_Text_HasNothingThatADatabaseRefuses()
    {
        Assert.Equal("", DatabaseText.Of(""));
        Assert.Equal("plain – ü \t\u0001", DatabaseText.Of("plain – ü \t\u0001"));
        Assert.Equal("whole \uD83D\uDE00", DatabaseText.Of("whole \uD83D\uDE00"));
        Assert.Equal("a\uFFFDb\uFFFD", DatabaseText.Of("a\0b\0"));
        Assert.Equal("\uFFFD", DatabaseText.Of("\uD83D"));
        Assert.Equal("\uFFFD\uFFFD", DatabaseText.Of("\uDE00\uD83D"));
    }
}
