using System.Text;
using System.Text.Json;
using SessionReplay.Pipeline.Sanitizing;
using SessionReplay.Sanitizing;

namespace SessionReplay.Pipeline.Tests.Sanitizing;

public sealed class JsonSanitizerTests
{
    [Theory]
    [InlineData("""{"a":"card 4111111111111111"}""", """{"a":"card [card]**********"}""")]
    [InlineData("""{"4111111111111111":1}""", """{"[card]**********":1}""")]
    [InlineData("""[4111111111111111,1790000000000,4111111111111112]""", """[0               ,1790000000000,4111111111111112]""")]
    [InlineData("""{"password":"abcdefgh","b":"x"}""", """{"password":"[field]*","b":"x"}""")]
    [InlineData("""{"cvv":123,"n":1}""", """{"cvv":0  ,"n":1}""")]
    [InlineData(
        """{"secret":{"a":"abcdefgh","b":[12,"abcdefghi"]},"c":"abcdefgh"}""",
        """{"secret":{"a":"[field]*","b":[0 ,"[field]**"]},"c":"abcdefgh"}""")]
    [InlineData("""{"attributes":{"type":"password","value":"abcdefgh"}}""", """{"attributes":{"type":"password","value":"[field]*"}}""")]
    [InlineData(
        """{"attributes":{"value":"abcdefgh","name":"card-number"}}""", """{"attributes":{"value":"[field]*","name":"card-number"}}""")]
    [InlineData(
        """{"attributes":{"autocomplete":"cc-csc","value":"1234"}}""", """{"attributes":{"autocomplete":"cc-csc","value":"****"}}""")]
    [InlineData("""{"name":"city","value":"Bonn"}""", """{"name":"city","value":"Bonn"}""")]
    [InlineData(
        """{"value":"abcdefgh","rules":{"name":"city","value":"Bonn","of":[{}]},"name":"password"}""",
        """{"value":"[field]*","rules":{"name":"city","value":"Bonn","of":[{}]},"name":"password"}""")]
    [InlineData(
        """{"name":"password","value":{"now":"abcdefgh","pin":[12]},"next":"abcdefgh"}""",
        """{"name":"password","value":{"now":"[field]*","pin":[0 ]},"next":"abcdefgh"}""")]
    [InlineData("""{"name":"password","rules":{},"value":"abcdefgh"}""", """{"name":"password","rules":{},"value":"[field]*"}""")]
    [InlineData(
        """[{"name":"cvv","value":123},{"value":123,"name":"cvv"},{"value":123,"name":"n"}]""",
        """[{"name":"cvv","value":0  },{"value":0  ,"name":"cvv"},{"value":123,"name":"n"}]""")]
    [InlineData("""{"attributes":{"type":"PassWord","value":"abcdefgh"}}""", """{"attributes":{"type":"PassWord","value":"[field]*"}}""")]
    [InlineData(
        """{"attributes":{"autocomplete":"section-a billing CC-Number","value":"abcdefgh"}}""",
        """{"attributes":{"autocomplete":"section-a billing CC-Number","value":"[field]*"}}""")]
    [InlineData("""{"a":"x\n4111111111111111\t"}""", """{"a":"x\n[card]**********\t"}""")]
    [InlineData("""{"a":"{\"password\":\"abcdefgh\"}"}""", """{"a":"{\"password\":\"[field]*\"}"}""")]
    [InlineData("""{"a":"\/4111111111111111\/","b":2}""", """{"a":"/[card]**********/"  ,"b":2}""")]
    [InlineData("""{"a\n4111111111111111":3}""", """{"a\n[card]**********":3}""")]
    [InlineData("""{"token":"a\u0062cdefgh"}""", """{"token":"[field]*"     }""")]
    [InlineData("""{"p\u0061ssword":"abcdefgh","\u0063vv":123}""", """{"p\u0061ssword":"[field]*","\u0063vv":0  }""")]
    public void Read_Findings_AreTakenOutInPlace(string json, string expected)
    {
        Assert.Equal(expected, SanitizerFixture.Json(json).Text);
        JsonDocument.Parse(expected).Dispose();
    }

    [Theory]
    [InlineData("""{"a":"\ud83d\ude00 4111111111111111 \u00e9\u0007\ud800"}""")]
    [InlineData("""{"a":"\udc00\ud83d 4111111111111111\\\"\b\f"}""")]
    public void Read_EscapesOfEveryKind_RestOfTheStringIsKept(string json)
    {
        var (text, findings) = SanitizerFixture.Json(json);
        Assert.Equal("card:1", findings);
        var before = Unescaped(json);
        Assert.Equal(before.Replace("4111111111111111", "[card]**********", StringComparison.Ordinal), Unescaped(text));
    }

    [Fact]
    public void Read_LoneSurrogatesAndPatterns_RuleSeesTheRest()
    {
        var sanitizer = SanitizerFixture.Create(options => options.Patterns["word"] = "geheimnis");
        var (text, findings) = SanitizerFixture.Json("""{"a":"ü\ud800geheimnis\udc00 é"}""", sanitizer);
        Assert.Equal("word:1", findings);
        Assert.Equal("ü\ud800[word]***\udc00 é", Unescaped(text));
    }

    [Fact]
    public void Read_RuleOfTheApplication_RunsOnEveryString()
    {
        var sanitizer = SanitizerFixture.Create(null, new VowelRule());
        var (text, findings) = SanitizerFixture.Json("""{"abcd":["xyzw","hello"]}""", sanitizer);
        Assert.Equal(("""{"*bcd":["xyzw","h*ll*"]}""", "vowels:3"), (text, findings));
    }

    [Fact]
    public void Text_RuleTellsAPlaceOutside_Throws()
    {
        var sanitizer = SanitizerFixture.Create(null, new OutsideRule());
        Assert.Equal("outside", Assert.Throws<SanitizingFailedException>(() => SanitizerFixture.Text("text", sanitizer)).Rule);
    }

    [Fact]
    public void UnescapeEscape_AnyString_GivesItBackNoLonger()
    {
        var random = new Random(7);
        for (var i = 0; i < 2_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => (char)(random.Next(4) switch
            {
                0 => random.Next(0x20),
                1 => random.Next(0x20, 0x80),
                2 => random.Next(0x80, 0xD800),
                _ => random.Next(0xD800, 0xE000),
            })));
            var escaped = Encoding.ASCII.GetBytes(
                string.Concat(text.Select(c => c < 0x80 && c >= 0x20 && c is not ('"' or '\\') ? c.ToString() : $"\\u{(int)c:x4}")));
            var scratch = new byte[escaped.Length];
            var length = EscapedText.Unescape(escaped, scratch);
            var back = new byte[escaped.Length];
            var written = EscapedText.Escape(scratch.AsSpan(0, length), back);
            Assert.Equal(text, Unescaped($"{{\"a\":\"{Encoding.UTF8.GetString(back, 0, written)}\"}}"));
        }
    }

    // JsonDocument refuses halves of surrogate pairs, so the test reads escapes itself.
    private static string Unescaped(string json)
    {
        var content = json[(json.IndexOf(':', StringComparison.Ordinal) + 2)..json.LastIndexOf('"')];
        var result = new StringBuilder();
        for (var i = 0; i < content.Length; i++)
        {
            if (content[i] != '\\')
            {
                result.Append(content[i]);
                continue;
            }

            i++;
            if (content[i] == 'u')
            {
                result.Append((char)Convert.ToInt32(content.Substring(i + 1, 4), 16));
                i += 4;
            }
            else
            {
                result.Append(content[i] switch { 'n' => '\n', 'r' => '\r', 't' => '\t', 'b' => '\b', 'f' => '\f', var c => c });
            }
        }

        return result.ToString();
    }

    private sealed class VowelRule : ISanitizingRule
    {
        public string Name => "vowels";

        public bool TryFind(ReadOnlySpan<char> text, out int index, out int length)
        {
            (index, length) = (text.IndexOfAny("aeiou"), 1);
            return index >= 0;
        }
    }

    private sealed class OutsideRule : ISanitizingRule
    {
        public string Name => "outside";

        public bool TryFind(ReadOnlySpan<char> text, out int index, out int length)
        {
            (index, length) = (text.Length - 1, 2);
            return true;
        }
    }
}
