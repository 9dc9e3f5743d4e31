using SessionReplay.Pipeline.Facts;

namespace SessionReplay.Pipeline.Tests.Facts;

public sealed class SegmentRuleTests
{
    [Theory]
    [InlineData("ann@shop.example", "{email}")]
    [InlineData("ann%40shop.example", "{email}")]
    [InlineData("ann%2540shop.example", "{email}")]
    [InlineData("ann+list@shop.example", "{email}")]
    [InlineData("42", "{id}")]
    [InlineData("7", "{id}")]
    [InlineData("0199a2b4-7c1e-7d30-9f00-1234567890ab", "{id}")]
    [InlineData("0199A2B47C1E7D309F001234567890AB", "{token}")]
    [InlineData("2a3f9c1e", "{id}")]
    [InlineData("ORD-2024-000193", "{id}")]
    [InlineData("user90210", "{id}")]
    [InlineData("a1b2c3d4", "{id}")]
    [InlineData("c29tZXRoaW5nLXNlY3JldA", "{token}")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "{token}")]
    [InlineData("Xy-7_aQ9-pL2_mN4-rT8_vB1", "{token}")]
    [InlineData("qzjwkxvbnmplokijuhygtfrdeswaqzxc", "{token}")]
    [InlineData("aGVsbG8gd29ybGQgdGhpcyBpcyBh", "{token}")]
    [InlineData("QmFzZUxldHRlcnNPbmx5VGV4dHMhQQ", "{token}")]
    public void Replacement_IdsTokensAndAddresses_AreReplaced(string segment, string expected) =>
        Assert.Equal(expected, SegmentRule.Replacement(segment));

    [Theory]
    [InlineData("")]
    [InlineData("cart")]
    [InlineData("check-out")]
    [InlineData("iphone-15-pro-max")]
    [InlineData("windows11")]
    [InlineData("office365")]
    [InlineData("how-to-install-node-18-on-ubuntu-22-04")]
    [InlineData("blog-2024-review")]
    [InlineData("v2")]
    [InlineData("api.v1.json")]
    [InlineData("index.html")]
    [InlineData("@ann")]
    [InlineData("getElementsByClassName")]
    [InlineData("AbstractSingletonProxyFactory")]
    [InlineData("Rechtsschutzversicherung")]
    [InlineData("über-uns")]
    [InlineData("%C3%BCber-uns")]
    [InlineData("50%_off")]
    [InlineData("c%23")]
    [InlineData("privacy_policy")]
    [InlineData("deadbeef")]
    [InlineData("{id}")]
    [InlineData("{token}")]
    [InlineData("{email}")]
    public void Replacement_Words_Stay(string segment) => Assert.Null(SegmentRule.Replacement(segment));

    [Fact]
    public void Replacement_RandomTokens_HardlyOneStays()
    {
        var random = new Random(7);
        var bytes = new byte[24];
        var stayed = new List<string>();
        for (var i = 0; i < 2_000; i++)
        {
            random.NextBytes(bytes);
            var base64 = Convert.ToBase64String(bytes).Replace('+', '-').Replace('/', '_');
            stayed.AddRange(SegmentRule.Replacement(base64) is null ? [base64] : []);
            foreach (var token in new[]
            {
                Convert.ToHexString(bytes), Convert.ToHexStringLower(bytes), new Guid(bytes.AsSpan(0, 16)).ToString(),
                new Guid(bytes.AsSpan(0, 16)).ToString("N"),
            })
            {
                Assert.True(SegmentRule.Replacement(token) is not null, token);
            }
        }

        // Letters alone, in short runs between hyphens, cannot be told from words.
        Assert.InRange(stayed.Count, 0, 4);
    }
}
