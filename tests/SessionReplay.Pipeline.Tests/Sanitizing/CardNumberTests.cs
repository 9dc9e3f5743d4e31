using System.Globalization;
using System.Text.Json;

namespace SessionReplay.Pipeline.Tests.Sanitizing;

public sealed class CardNumberTests
{
    private const string Card = "4111111111111111";

    public static TheoryData<string> Forms
    {
        get
        {
            var forms = new TheoryData<string> { Card, "4111111111111111EUR", "card4111111111111111", "a4111111111111111b",
                "no.4111111111111111", "4111.1111.1111.1111", "4111/1111/1111/1111", "4111_1111_1111_1111" };
            string[] separators =
            [
                " ", "  ", "   ", "\t", "\u00A0", "\u2002", "\u2007", "\u2009", "\u202F", "\u3000", "\u200B", "\u2060", "-", " - ",
                "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2212", "\uFF0D", "\u00AD",
                "+", "%20", "%2520", "%2D", "%C2%A0", "%E2%80%89", "%E2%80%93", "&nbsp;", "&#160;", "&thinsp;", "&ndash;", "&nbsp;&nbsp;",
            ];
            foreach (var separator in separators)
            {
                forms.Add(string.Join(separator, "4111", "1111", "1111", "1111"));
            }

            // Digits of other scripts: full-width, Arabic-Indic, Eastern Arabic, Devanagari, Bengali, Thai, mathematical bold.
            foreach (var zero in new[] { 0xFF10, 0x660, 0x6F0, 0x966, 0x9E6, 0xE50, 0x1D7CE })
            {
                forms.Add(string.Concat(Card.Select(c => char.ConvertFromUtf32(zero + c - '0'))));
                forms.Add(
                    string.Join(
                        ' ', Card.Chunk(4).Select(group => string.Concat(group.Select(c => char.ConvertFromUtf32(zero + c - '0'))))));
            }

            forms.Add(string.Concat(Card.Select(c => $"%3{c}")));
            forms.Add(string.Concat(Card.Select(c => $"%253{c}")));
            forms.Add(string.Concat(Card.Select(c => Uri.EscapeDataString(((char)(0x660 + c - '0')).ToString()))));
            return forms;
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Text_CardInAnyForm_IsTakenOut(string card)
    {
        foreach (var (before, after) in new[] { ("", ""), ("pay ", " now"), ("(", ")"), ("é", "é"), ("a=1&q=", "&b=2") })
        {
            var (text, findings) = SanitizerFixture.Text(before + card + after);
            Assert.Equal("card:1", findings);
            Assert.StartsWith(before, text, StringComparison.Ordinal);
            Assert.EndsWith(after, text, StringComparison.Ordinal);
        }
    }

    // Test numbers that the networks and payment providers publish, or the prefix of a published range with a check digit.
    [Theory]
    [InlineData("Elo", "636368", 16)]
    [InlineData("Elo", "636297", 16)]
    [InlineData("Elo", "438935", 16)]
    [InlineData("Elo", "504175", 16)]
    [InlineData("Elo", "506699", 16)]
    [InlineData("Elo", "509000", 16)]
    [InlineData("Elo", "627780", 16)]
    [InlineData("Elo", "650031", 16)]
    [InlineData("Elo", "655058", 16)]
    [InlineData("Hipercard", "606282", 16)]
    [InlineData("Hipercard", "637095", 16)]
    [InlineData("Hipercard", "637612", 16)]
    [InlineData("Hipercard", "384100", 19)]
    [InlineData("Dankort", "501900", 16)]
    [InlineData("Dankort", "457100", 16)]
    [InlineData("Maestro", "501800", 12)]
    [InlineData("Maestro", "502000", 13)]
    [InlineData("Maestro", "503800", 19)]
    [InlineData("Maestro", "563257", 16)]
    [InlineData("Maestro", "589300", 17)]
    [InlineData("Maestro", "630400", 12)]
    [InlineData("Maestro", "675900", 16)]
    [InlineData("Maestro", "676100", 18)]
    [InlineData("Maestro", "676300", 16)]
    [InlineData("Verve", "506099", 19)]
    [InlineData("RuPay", "817200", 16)]
    [InlineData("UnionPay", "621234", 17)]
    [InlineData("Mir", "220400", 16)]
    [InlineData("Troy", "979200", 16)]
    public void Text_NumberOfANetwork_IsTakenOut(string network, string prefix, int length)
    {
        var card = WithCheckDigit(prefix.PadRight(length - 1, '7'));
        Assert.Equal("card:1", SanitizerFixture.Text($"{network} {card}.").Findings);
    }

    [Theory]
    [InlineData("4111111111111111.0")]
    [InlineData("4.111111111111111e15")]
    [InlineData("4.111111111111111E+15")]
    [InlineData("41111111111111110e-1")]
    [InlineData("411111111111111.1e1")]
    [InlineData("4111111111111111000e-3")]
    public void Json_CardAsNumber_IsZero(string number)
    {
        var (json, findings) = SanitizerFixture.Json($"[{number},1]");
        Assert.Equal($"[0{new string(' ', number.Length - 1)},1]", json);
        Assert.Equal("card:1", findings);
        JsonDocument.Parse(json).Dispose();
    }

    [Theory]
    [InlineData("0.4111111111111111")]
    [InlineData("4111111111111111.5")]
    [InlineData("4111111111111111e9999999999")]
    [InlineData("1e308")]
    [InlineData("1790000000000.125")]
    [InlineData("0e0")]
    public void Json_OtherNumber_IsLeft(string number) =>
        Assert.Equal(($"[{number},1]", string.Empty), SanitizerFixture.Json($"[{number},1]"));

    [Theory]
    [InlineData("639130848000000000")] // ticks of .NET
    [InlineData("M448 96 384 512 16 384 448 512z 4 1 1 1 1")]
    [InlineData("448 512 418 256 384 448 320 512")]
    [InlineData("4111 11 1111 111 111")]
    [InlineData("10.0.26100.4061 192.168.100.200 v4.18.1")]
    [InlineData("4.1532 0151.1283 0366")]
    public void Text_OtherNumbers_AreLeft(string text) => Assert.Equal((text, string.Empty), SanitizerFixture.Text(text));

    private static string WithCheckDigit(string digits)
    {
        for (var check = 0; check < 10; check++)
        {
            var number = digits + check.ToString(CultureInfo.InvariantCulture);
            var sum = number.Reverse().Select((c, i) => i % 2 == 0 ? c - '0' : ((c - '0') * 2 / 10) + ((c - '0') * 2 % 10)).Sum();
            if (sum % 10 == 0)
            {
                return number;
            }
        }

        throw new InvalidOperationException();
    }
}
