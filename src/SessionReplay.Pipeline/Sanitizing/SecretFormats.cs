using System.Buffers;
using System.Text;

namespace SessionReplay.Pipeline.Sanitizing;

/// <summary>
/// The forms of keys and tokens that a prefix identifies. The kinds are those of the rules that gitleaks publishes
/// (github.com/gitleaks/gitleaks, config/gitleaks.toml); kinds without a prefix of their own are found by the name before them.
/// </summary>
internal static class SecretFormats
{
    private static readonly SearchValues<byte> PathBody = SearchValues.Create(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_/"u8);

    /// <summary>Prefixes that are looked for in every text that may have one.</summary>
    public static readonly SecretFormat[] Anchored =
    [
        .. Keys(35, "AIza"),
        .. Keys(40, "ATATT3 ATCTT3", Bytes.TokenBody),
        .. Keys(20, "GR1348941", Bytes.TokenBody),
        .. WordLike(20, "LTAI EZAK EZTK AKCp"),
        .. Keys(43, "oy2"),
        .. Keys(32, "dapi"),
        .. WordLike(60, "EAA"),
        .. Keys(20, "hooks.slack.com/services/ discord.com/api/webhooks/ discordapp.com/api/webhooks/ webhook.office.com/webhookb2/",
            PathBody),
    ];

    private const string Ends = "_-.";
    private const int Characters = 128;

    /// <summary>
    /// Prefixes that end with an underscore, a hyphen or a full stop, where they are found. Stripe, GitHub, GitLab, npm, Hugging Face,
    /// Slack, Shopify, DigitalOcean, Sentry, Sonar, Grafana, Docker, Vault and others.
    /// </summary>
    private static readonly SecretFormat[] Ending =
    [
        .. WordLike(30, "npm_ hf_ api_org_"),
        .. Keys(30, "ghp_ gho_ ghu_ ghs_ ghr_ glc_ glsa_ lin_api_ nfp_ gsk_ r8_ sbp_ tfp_ sgp_ figd_ pnu_ phx_ rdme_"),
        .. Keys(22, "github_pat_ dckr_pat_ pscale_tkn_ pscale_pw_ pscale_oauth_ lsv2_pt_ lsv2_sk_ duffel_test_ duffel_live_"),
        .. WordLike(22, "secret_ ntn_ bkua_ rnd_"),
        .. Keys(16, "sk_live_ sk_test_ sk_prod_ rk_live_ rk_test_ rk_prod_ shippo_live_ shippo_test_"),
        .. Keys(24, "whsec_ CLOJARS_ CCIPAT_"),
        .. Keys(32, "shpat_ shpss_ shpca_ shppa_ dop_v1_ doo_v1_ dor_v1_ sntrys_ sntryu_ squ_ sqp_ sqa_ rubygems_ fo1_ fm2_"),
        .. Keys(20, "glpat- gldt- glrt- glcbt- glptt- glagent- glsoat- gloas- glimt- glft- glffct- dnkey- tskey- ico- HRKU-",
            Bytes.TokenBody),
        .. WordLike(20, "sk- key- pul- xai- pplx- NRAK- PMAK- FLWSECK- fio-u- p8e- xapp- GOCSPX- sq0atp- sq0csp-"),
        .. Keys(12, "xoxa- xoxb- xoxc- xoxd- xoxe- xoxe. xoxo- xoxp- xoxr- xoxs-"),
        .. Keys(40, "ya29. pypi- xkeysib-", Bytes.TokenBody),
        .. Keys(20, "hvs. hvb. hvr. dt0c01. dp.pt. dp.st. dp.ct.", Bytes.TokenBody),
        .. Keys(21, "AGE-SECRET-KEY-", Bytes.TokenBody),
        .. WordLike(60, "sl."),
    ];

    private static readonly SecretFormat[][] ByEnd =
    [
        .. Enumerable.Range(0, Ends.Length * Characters).Select(index => Ending
            .Where(format => format.Prefix[^1] == Ends[index / Characters] && format.Prefix[^2] == index % Characters).ToArray()),
    ];

    /// <summary>Returns the formats whose prefixes may end with the underscore, hyphen or full stop at an index.</summary>
    public static ReadOnlySpan<SecretFormat> EndingAt(ReadOnlySpan<byte> text, int end)
    {
        var row = Ends.IndexOf((char)text[end], StringComparison.Ordinal);
        return row >= 0 && end > 0 && text[end - 1] < Characters ? ByEnd[(row * Characters) + text[end - 1]] : [];
    }

    private static SecretFormat[] Keys(int minBody, string prefixes, SearchValues<byte>? body = null) =>
        Make(minBody, prefixes, body, isWordLike: false);

    private static SecretFormat[] WordLike(int minBody, string prefixes) => Make(minBody, prefixes, body: null, isWordLike: true);

    private static SecretFormat[] Make(int minBody, string prefixes, SearchValues<byte>? body, bool isWordLike) =>
        [.. prefixes.Split(' ')
            .Select(prefix => new SecretFormat(Encoding.ASCII.GetBytes(prefix), minBody, body ?? Bytes.KeyBody, isWordLike))];
}
