using SessionReplay.Pipeline.Facts;

namespace SessionReplay.Pipeline.Tests.Facts;

public sealed class ReducedUrlTests
{
    [Theory]
    [InlineData("https://shop.example", "https://shop.example/")]
    [InlineData("https://shop.example/", "https://shop.example/")]
    [InlineData("HTTPS://Shop.Example:8443/Cart/", "https://shop.example:8443/Cart/")]
    [InlineData("https://ann:secret@shop.example/cart", "https://shop.example/cart")]
    [InlineData(
        "https://shop.example/reset/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln?mail=ann@shop.example&x",
        "https://shop.example/reset/{token}?mail=")]
    [InlineData("https://shop.example/u/ann@shop.example/orders/12345", "https://shop.example/u/{email}/orders/{id}")]
    [InlineData("https://shop.example/cart;jsessionid=AB12CD34EF/items", "https://shop.example/cart/items")]
    [InlineData("https://shop.example/a?b=1&c=2#token=abc", "https://shop.example/a?b=&c=#token=")]
    [InlineData("https://shop.example/a#section", "https://shop.example/a")]
    [InlineData("https://shop.example/a?ann@shop.example=1&2a3f9c1e=2", "https://shop.example/a")]
    [InlineData("https://shop.example/#/users/42?tab=1", "https://shop.example/#/users/{id}?tab=")]
    [InlineData("https://shop.example/#!/users/42", "https://shop.example/#/users/{id}")]
    [InlineData("/cart/42", "/cart/{id}")]
    [InlineData("data:text/html,<p>secret", "data:")]
    [InlineData("blob:shop/0199a2b4", "blob:")]
    [InlineData("about:blank", "about:")]
    [InlineData("", "/")]
    public void Of_Url_KeepsWhatNamesNobody(string url, string expected)
    {
        var reduced = ReducedUrl.Of(url).ToString();

        Assert.Equal(expected, reduced);
        Assert.Equal(expected, ReducedUrl.Of(reduced).ToString());
    }

    [Fact]
    public void Prefixes_OfAUrl_EndWithWholeSegments()
    {
        var url = ReducedUrl.Of("https://shop.example/a//b/42/?x=1");

        Assert.Equal(
            ["https://shop.example", "https://shop.example/a", "https://shop.example/a/b", "https://shop.example/a/b/{id}"], url.Prefixes);
        Assert.Equal(["/", "/a", "/a/b", "/a/b/{id}"], url.Paths);
        Assert.Equal("https://shop.example/a//b/{id}/", url.WithoutQuery());
    }

    /// <summary>Whatever a page sends: no exception, a bounded number of indexes, and time that grows no faster than the text.</summary>
    [Fact]
    public void Of_HostileTexts_AreBounded()
    {
        foreach (var part in new[] { "/", "/a", "%", "%25", "@", "?", "#", "&", "=", ";", ":", "://", "\0", "\uD83D", "漢", "a1", "{id}",
            "\u202E", "." })
        {
            foreach (var count in new[] { 1, 100, 100_000 })
            {
                var url = ReducedUrl.Of(string.Concat(Enumerable.Repeat(part, count)));
                Assert.InRange(url.ToString().Length, 0, 12_000);
                Assert.InRange(url.Prefixes.Count + url.Paths.Count, 1, 34);
                Assert.InRange(
                    ReducedUrl.Of("https://shop.example/" + string.Concat(Enumerable.Repeat(part, count))).Prefixes.Count, 1, 17);
            }
        }
    }
}
