using System.Text;

namespace SessionReplay.Format.Tests.Dom;

public sealed class DomKeysTests
{
    [Fact]
    public void Keys_AreThoseOfTheFormat()
    {
        var text = File.ReadAllText(Repository.File("docs", "format", "v1.md"));
        var list = text[text.IndexOf("those that are written follow:", StringComparison.Ordinal)..].Split("\n\n")[1];
        var keys = list.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(DomKeys.Count, keys.Length);
        Assert.All(keys.Index(), key =>
        {
            Assert.Equal(key.Index + 1, DomKeys.Numbers[key.Item]);
            Assert.Equal(key.Item, Encoding.UTF8.GetString(DomKeys.Utf8(key.Index + 1)));
        });
    }

    [Theory]
    [InlineData(DomKeys.Type, "type")]
    [InlineData(DomKeys.Data, "data")]
    [InlineData(DomKeys.Source, "source")]
    [InlineData(DomKeys.Target, "target")]
    [InlineData(DomKeys.Label, "label")]
    [InlineData(DomKeys.Href, "href")]
    [InlineData(DomKeys.Width, "width")]
    [InlineData(DomKeys.Height, "height")]
    public void Constant_IsTheNumberOfItsKey(int number, string key) => Assert.Equal(DomKeys.Numbers[key], number);
}
