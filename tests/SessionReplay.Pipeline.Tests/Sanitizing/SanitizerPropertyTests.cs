using System.Text;
using System.Text.Json;
using CsCheck;
using SessionReplay.Pipeline.Sanitizing;

namespace SessionReplay.Pipeline.Tests.Sanitizing;

public sealed class SanitizerPropertyTests
{
    private static readonly Sanitizer Shared = SanitizerFixture.Create();

    // What the rules look for and what divides it, put together at random.
    private static readonly string[] Fragments =
    [
        "4111111111111111", "4111", "1111", "378282", "246310005", "5018", "123-45-6789", "219", "09", "9999", "DE89370400440532013000",
        "de89", "password", "newPassword", "token", "pin", "name", "value", "key", "type",
        "Cookie", "Authorization", "Bearer ", "Basic ", "dXNlcjpwYXNz", "eyJhbGciOiJI", ".eyJzdWIiOiIx",
        "ghp_abcdefghijklmnopqrstuvwxyz0123456789", "sk-Abcdefghij1234567890Klmnop", "-----BEGIN PRIVATE KEY-----",
        "-----END PRIVATE KEY-----",
        "hunter2", "x", "0", "7", "a", "é", "\u0664", "\uFF14", "\uD83D\uDE00", "=", ":", ": ", " = ", "&", "?", "%3D", "%253D", "%3A",
        "%22", "%34", "%", "%2", "\"", "'", "\\", "\\\"", "{", "}", "{\"", "[", "]", "[field]", "[card]", "***",
        ",", ";", " ", "  ", "\u00A0", "-", ".", "/", "_", "+", "<", ">", "</", "<input name=", " value=", "\r\n\r\n", "\n\n", "\n--", "\n",
        "https://", "@", "function", "=>", "return", "var ", "data:image/png;base64,", "</password>", "&nbsp;",
    ];

    private static readonly Gen<string> Texts = Gen.OneOf(Fragments).Array[0, 40].Select(string.Concat);

    private static readonly Gen<string> Numbers = Gen.OneOf(
        "4111", "1111", "4111111111111111", "378282246310005", "3782", "822463", "10005", "5018", "0000", "12", "7", "123", "45", "6789",
        "222", " ", " ", " ", "-", "-", ".", "  ", ", ", "a", "x ", "   ").Array[0, 24].Select(string.Concat);

    // SANITIZER_ITERATIONS=1000000 looks longer.
    private static long Iterations(long usual) =>
        long.TryParse(Environment.GetEnvironmentVariable("SANITIZER_ITERATIONS"), out var given) ? given : usual;

    [Fact]
    public void Text_AnyText_KeepsItsLengthAndIsSanitizedOnce() => Texts.Sample(
        text =>
        {
            var (once, _) = SanitizerFixture.Text(text, Shared);
            var (twice, findings) = SanitizerFixture.Text(once, Shared);
            Assert.Equal((once, string.Empty), (twice, findings));
        },
        iter: Iterations(5_000));

    [Fact]
    public void Json_AnyJson_StaysJsonAndIsSanitizedOnce()
    {
        var values = Gen.Recursive<object?>((depth, inner) => depth > 3
            ? Gen.OneOf(
                Texts.Select(text => (object?)text), Gen.Long.Select(number => (object?)number),
                Gen.Double.Select(number => (object?)(double.IsFinite(number) ? number : 0d)), Gen.Bool.Select(flag => (object?)flag))
            : Gen.OneOf(
                Texts.Select(text => (object?)text),
                Gen.Const((object?)4111111111111111L),
                inner.Array[0, 4].Select(items => (object?)items),
                Gen.Select(Gen.OneOf(Fragments), inner).Array[0, 4]
                    .Select(members =>
                        (object?)members.DistinctBy(member => member.Item1).ToDictionary(member => member.Item1, member => member.Item2))));
        values.Sample(
            value =>
            {
                var json = JsonSerializer.Serialize(value);
                var (once, _) = SanitizerFixture.Json(json, Shared);
                JsonDocument.Parse(once).Dispose();
                var (twice, findings) = SanitizerFixture.Json(once, Shared);
                Assert.Equal((once, string.Empty), (twice, findings));
            },
            iter: Iterations(2_000));
    }

    [Fact]
    public void Text_Numbers_AsTheReferenceSays() => Numbers.Sample(
        text =>
        {
            var expected = CardReference.Redact(text);
            Assert.Equal(expected, SanitizerFixture.Text(text, Shared).Text);
        },
        iter: Iterations(10_000));

    [Fact]
    public void Text_HostileRepetitions_TakeTimeInProportion() => AssertProportion(1 << 20);

    [Fact]
    [Trait("Takes", "Long")]
    public void Text_MoreHostileRepetitions_TakeTimeInProportion() => AssertProportion(1 << 22);

    private static void AssertProportion(int length)
    {
        // No clock: a text of megabytes of which each piece made the rest be read again would not end within the time of the test run.
        foreach (var piece in new[]
        {
            "name=\"", "name='\\\"", "password=\"\\\"", "{\"", "[[", "token:\"\\\"", "</pin", "</pin>", "user[0]", "%25", "%253", "4111 ",
            "4 ", "sk-", "hf_", "eyJ", "SG.", "-us1", ":AA", "1Q~", "PRIVATE KEY-----", "Bearer ", "Basic ",
            "<script", "<script>", "</script><script>", "<script>\n", "</", "\npassword=", "\"cookie: ", "<a ", "form-data",
            "_", "\\\"a\\\":", "password: ", "a b c: ", "data:", "://", "a@b:", "name=\"pin\"\n\n", "<input name=\"pin\" ", "\u0664 ",
        })
        {
            var text = string.Concat(Enumerable.Repeat(piece, length / piece.Length));
            var bytes = Encoding.UTF8.GetBytes(text);
            Shared.Begin(bytes).Text(bytes);
            Assert.Equal(text.Length, Encoding.UTF8.GetString(bytes).Length);
        }
    }
}
