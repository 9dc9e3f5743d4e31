using CsCheck;
using SessionReplay.Pipeline.Sanitizing;

namespace SessionReplay.Pipeline.Tests.Sanitizing;

/// <summary>Code beside a secret does not hide it: what surrounds it is no reason to leave tags, headers, forms and labels alone.</summary>
public sealed class CodeAroundSecretsTests
{
    private const string Secret = "correct.horse battery";
    private const string Word = "correct.horse-battery";

    private static readonly Sanitizer Shared = SanitizerFixture.Create();

    private static readonly string[] Code =
    [
        "function login() { return this.password; }", "const f = (a) => { let x = a; return x; };",
        "\"use strict\"; exports.a = function () { return 1 };",
        "var t = require('t'); module.exports = class A { get() { return this.t } };",
        "/* a comment */ (function () { var a = 1; return a })();",
        "import { a } from 'a';", "if (a < b) { return c }", "TypeError: x is not a function at f (a.js:1:2)", "// a line",
        "for (let i = 0; i < n; i++) { token = next(); }", "{", "}", "(", ")", ";", "`", "\"", "'",
    ];

    /// <summary>Forms that stand by themselves: whatever is before and behind.</summary>
    private static readonly string[] Regions =
    [
        $"<input name=\"password\" value=\"{Secret}\">", $"<input type=\"password\" class=\"a\" value='{Secret}'>",
        $"<input value=\"{Secret}\" name=\"__RequestVerificationToken\">",
        $"<meta name=\"csrf-token\" content=\"{Secret}\">", $"<password>{Secret}</password>", $"<div data-api-key=\"{Secret}\">",
        $"\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n{Secret}\r\n--x", $"\nAuthorization: Custom {Word}-1\n",
        $"\nX-Api-Key: {Word}-1\r\n",
        $"\npassword={Word}\n", $"?password={Word}&", $"&token={Word}&a=b\n", $"\npassword: {Word}\n",
    ];

    /// <summary>Forms that in the middle of code could be code.</summary>
    private static readonly string[] Inline = [
        $"password={Word}", $"password: {Word}", $"api_key = \"{Secret}\"", $"{{\"password\":\"{Secret}\"}} was sent"];

    private static readonly Gen<string> Codes = Gen.OneOf(Code).Array[0, 8].Select(static lines => string.Join('\n', lines));

    [Fact]
    public void Text_RegionWithAnyCodeAround_IsRedacted() => Gen.Select(Codes, Gen.OneOf(Regions), Codes).Sample(
        (before, region, after) => AssertRedacted($"{before}{(region[0] is '<' or '?' or '&' ? " " : "")}{region}{after}"), iter: 5_000);

    [Fact]
    public void Text_InlineBehindOrBeforeCode_IsRedacted() => Gen.Select(Codes, Gen.OneOf(Inline), Gen.Bool).Sample(
        (code, secret, isBehind) =>
        {
            // A quote that code leaves open is another matter.
            if (!code.Contains('`', StringComparison.Ordinal) && code.Count(c => c == '"') % 2 == 0 && code.Count(c => c == '\'') % 2 == 0)
            {
                AssertRedacted(isBehind ? $"{code}\n {secret}" : $"{secret} \n{code}");
            }
        },
        iter: 5_000);

    [Theory]
    [InlineData(
        "<html><body><form><input name=\"__RequestVerificationToken\" type=\"hidden\" value=\"CfDJ8correct.horse\"></form><script>CODE</script></body></html>")]
    [InlineData("<script>CODE</script><input name=\"password\" value=\"correct.horse\"><SCRIPT type=\"module\">CODE</SCRIPT>")]
    [InlineData("<script type=\"application/json\">{\"password\":\"correct.horse\"}</script><script>CODE</script>")]
    [InlineData("<script>CODE</script>\n<script>window.x = {\"password\":\"correct.horse\"}")]
    [InlineData("TypeError: CODE password=correct.horse")]
    [InlineData("CODE password=correct.horse longer")]
    [InlineData("CODE\nSet-Cookie: session=correct.horse\nCODE")]
    public void Text_PageOrMessageWithAScript_IsData(string text)
    {
        var code = string.Join('\n', Code.Take(5));
        var (redacted, _) = SanitizerFixture.Text(text.Replace("CODE", code, StringComparison.Ordinal), Shared);
        Assert.DoesNotContain("correct.horse", redacted, StringComparison.Ordinal);
        Assert.Contains(code, redacted, StringComparison.Ordinal);
    }

    private static void AssertRedacted(string text)
    {
        var (redacted, _) = SanitizerFixture.Text(text, Shared);
        Assert.False(redacted.Contains("horse", StringComparison.Ordinal), text);
    }
}
