namespace SessionReplay.Pipeline.Tests.Sanitizing;

/// <summary>Keys of the kinds that gitleaks lists. They are put together here so that no scanner takes this file for a leak.</summary>
public sealed class SecretFormatsTests
{
    private const string Alphabet = "Ab3dEf6hIj9kLm2nOp5qRs8tUv1wXy4z";

    private static readonly string[] Surroundings = [
        "{0}", "key is {0} here", "\"{0}\"", "(%22{0}%22)", "https://x.example/a?b={0}&c=1", "é{0}é"];

    public static TheoryData<string> Secrets =>
    [
        "ghp_" + Body(36), "gho_" + Body(36), "ghu_" + Body(36), "ghs_" + Body(36), "ghr_" + Body(36),
        "github_pat_" + Body(22) + "_" + Body(59), "glpat-" + Body(20), "gldt-" + Body(20), "glrt-" + Body(20),
        "npm_" + Body(36), "pypi-" + "AgEIcHlwaS5vcmc" + Body(50), "rubygems_" + Hex(48), "hvs." + Body(90), "hvb." + Body(138),
        "xoxb-" + "123456789012-" + Body(24), "xoxp-" + "1234567890-" + Body(24), "xapp-1-" + Body(60),
        "hooks.slack.com/services/T" + "00000000/B00000000/" + Body(24), "discord.com/api/webhooks/" + "123456789012345678/" + Body(68),
        "sk_live_" + Body(24), "rk_live_" + Body(24), "sk_test_" + Body(24), "whsec_" + Body(32),
        "AIza" + Body(35), "GOCSPX-" + Body(28), "ya29." + Body(68), "AKIA" + "IOSFODNN7EXAMPLE", "ASIA" + "IOSFODNN7EXAMPLE",
        "SG." + Body(22) + "." + Body(43), "sk-" + "proj-" + Body(48), "sk-" + "ant-api03-" + Body(93), "hf_" + Body(34),
        "shpat_" + Hex(32), "shpss_" + Hex(32), "dop_v1_" + Hex(64), "doo_v1_" + Hex(64), "dapi" + Hex(32),
        "dt0c01." + Body(24) + "." + Body(64), "NRAK-" + Upper(27), "PMAK-" + Body(24) + "-" + Body(34), "pul-" + Body(40),
        "rdme_" + Hex(70), "sntrys_" + Body(80), "sqp_" + Hex(40), "sq0atp-" + Body(22), "sq0csp-" + Body(43), "tfp_" + Body(59),
        "glsa_" + Body(41), "lin_api_" + Body(40), "pscale_tkn_" + Body(43), "gsk_" + Body(52), "LTAI" + Body(20),
        "EZAK" + Body(54), "AGE-SECRET-KEY-1" + Upper(58), "dckr_pat_" + Body(27), "figd_" + Body(40),
        "xkeysib-" + Hex(64) + "-" + Body(16), "tskey-" + "auth-" + Body(30), "HRKU-" + Body(60), "ATATT3" + Body(180), "oy2" + Body(43),
        "123456789:AA" + Body(33), "abc1Q~" + Body(34), Hex(32) + "-us12",
    ];

    [Theory]
    [MemberData(nameof(Secrets))]
    public void Text_KeyOfAKnownIssuer_IsTakenOutWhereverItStands(string secret)
    {
        foreach (var surrounding in Surroundings)
        {
            var (text, findings) = SanitizerFixture.Text(
                string.Format(System.Globalization.CultureInfo.InvariantCulture, surrounding, secret));
            Assert.DoesNotContain(secret[^12..], text, StringComparison.Ordinal);
            Assert.NotEmpty(findings);
        }
    }

    [Theory]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=x;AccountKey={0}==;EndpointSuffix=core.windows.net")]
    [InlineData("https://x.blob.core.windows.net/c?sv=2024-01-01&se=2026-01-01&sr=b&sp=r&sig={0}%3D")]
    [InlineData("Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=n;SharedAccessKey={0}=")]
    [InlineData("https://b.s3.amazonaws.com/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature={0}&x=1")]
    [InlineData("Authorization: Bearer {0}")]
    [InlineData("authorization=bearer%20{0}")]
    [InlineData("postgres://app:{0}@db.example/x")]
    public void Text_KeyInAConnection_IsTakenOut(string form)
    {
        var secret = Body(44);
        Assert.DoesNotContain(
            secret, SanitizerFixture.Text(string.Format(System.Globalization.CultureInfo.InvariantCulture, form, secret)).Text,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Basic dXNlcjpwYXNz", "Basic [bearer]****")]
    [InlineData("basic dXNlcjpwYXNzd29yZA==, next", "basic [bearer]************, next")]
    public void Text_BasicCredentials_AreTakenOut(string text, string expected) => Assert.Equal(expected, SanitizerFixture.Text(text).Text);

    [Theory]
    [InlineData("Basic information about Basic authentication")]
    [InlineData("en-us12 de-us1 locale=en-us, Q~ :AA")]
    [InlineData("task-list-of-the-day ask-a-question-about-this-very-long-name disk-usage-report-of-2026")]
    [InlineData("hot-key-bindings-for-the-editor-window-2 EAAbc sl.short live_preview_of_the_page_that_you_edit")]
    [InlineData("LTAIshort dapifoo AGE-SECRET npm_config_registry npm_lifecycle_event gsk_ hf_ secret_")]
    public void Text_WordsWithSuchBeginnings_AreLeft(string text) => Assert.Equal((text, string.Empty), SanitizerFixture.Text(text));

    private static string Body(int length) =>
        string.Concat(Enumerable.Range(0, length).Select(i => Alphabet[(i * 7 + length) % Alphabet.Length]));

    private static string Hex(int length) =>
        string.Concat(Enumerable.Range(0, length).Select(i => "0a1b2c3d4e5f6789"[(i * 5 + length) % 16]));

    private static string Upper(int length) =>
        string.Concat(Enumerable.Range(0, length).Select(i => "QPZRY9X8GF2TVDW0"[(i * 3 + length) % 16]));
}
