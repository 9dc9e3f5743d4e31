using SessionReplay.Catalog;

namespace SessionReplay.Abstractions.Tests.Catalog;

public sealed class StoredTextTests
{
    // No theory: halves of pairs do not survive the way of test names.
    [Fact]
    public void Of_Text_HasNothingThatADatabaseRefuses()
    {
        Assert.Equal("", StoredText.Of(""));
        Assert.Equal("plain – ü \t\u0001", StoredText.Of("plain – ü \t\u0001"));
        Assert.Equal("whole \uD83D\uDE00", StoredText.Of("whole \uD83D\uDE00"));
        Assert.Equal("a\uFFFDb\uFFFD", StoredText.Of("a\0b\0"));
        Assert.Equal("\uFFFD", StoredText.Of("\uD83D"));
        Assert.Equal("\uFFFD\uFFFD", StoredText.Of("\uDE00\uD83D"));
    }
}
