using System.Globalization;
using System.Text.Json.Nodes;
using CsCheck;
using Google.Protobuf;
using SessionReplay.Pipeline.Batches;
using SessionReplay.Pipeline.Sanitizing;
using SessionReplay.Pipeline.Tests.Sanitizing;

namespace SessionReplay.Pipeline.Tests.Batches;

public sealed class DomWalkerPropertyTests
{
    private static readonly Sanitizer Shared = SanitizerFixture.Create();

    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.OneOf(
            "", "a", "hunter2", "password", "pin", "name", "4111111111111111", "4111 1111 1111 1111", "token=hunter22", "é 123-45-6789",
            "{\"password\":\"hunter2\"}", ".cookie:hover{color:red}", "--token", "cc-csc"),
        Gen.String[Gen.Char.AlphaNumeric, 0, 6]);

    private static readonly Gen<string> Keys = Gen.OneOf(
        "type", "data", "node", "attributes", "childNodes", "id", "name", "value", "content", "autocomplete", "password", "newPassword",
        "key",
        "_cssText", "x", "a", "4111111111111111");

    private static readonly Gen<JsonNode?> Values = Gen.Recursive<JsonNode?>((depth, inner) => depth > 4
        ? Leaves
        : Gen.OneOf(
            Leaves,
            inner.Array[0, 4].Select(items => (JsonNode?)new JsonArray([.. items.Select(item => item?.DeepClone())])),
            Objects(inner).Select(item => (JsonNode?)item)));

    private static Gen<JsonNode?> Leaves => Gen.OneOf(
        Texts.Select(text => (JsonNode?)JsonValue.Create(text)),
        Gen.OneOf(
            Gen.Int.Select(number => (long)number),
            Gen.OneOf(
                0L, 99_999_999_999, 100_000_000_000, 1_790_000_000_000, 4_000_000_000_000, 4111111111111111, long.MaxValue, long.MinValue))
            .Select(number => (JsonNode?)JsonValue.Create(number)),
        Gen.OneOf(0.5, -1e-7, 1e21, 4.111111111111111e15).Select(number => (JsonNode?)JsonValue.Create(number)),
        Gen.Bool.Select(flag => (JsonNode?)JsonValue.Create(flag)),
        Gen.Const((JsonNode?)null));

    private static readonly Gen<JsonObject[]> Events = Objects(Values).Array[1, 4];

    [Fact]
    public void Block_AnyEvents_ComeBackAsTheyWere() => Events.Sample(
        events =>
        {
            var block = DomEvents.Block([.. events.Select((e, i) => (1_000L + i, e.ToJsonString()))]);
            var read = DomEvents.Read(ByteString.CopyFrom(block));
            Assert.Equal(events.Length, read.Count);
            Assert.All(events.Zip(read), pair => Assert.True(JsonNode.DeepEquals(pair.First, JsonNode.Parse(pair.Second)), pair.Second));
        },
        iter: 3_000);

    /// <summary>What is a secret in JSON is one in columns; there it may take equal strings of its column with it.</summary>
    [Fact]
    public void Sanitize_AnyEvents_NothingIsLeftThatTheSanitizerOfJsonTakesOut() => Events.Sample(
        events =>
        {
            string[] json = [.. events.Select(e => SanitizerFixture.Json(e.ToJsonString(), Shared).Text)];
            var columns = Sanitize(DomEvents.Block([.. events.Select((e, i) => (1_000L + i, e.ToJsonString()))]));
            foreach (var ((original, expected), actual) in events.Zip(json).Zip(DomEvents.Read(ByteString.CopyFrom(columns))))
            {
                Compare(original, JsonNode.Parse(expected), JsonNode.Parse(actual));
            }

            Assert.Equal(columns, Sanitize([.. columns]));
        },
        iter: 3_000);

    private static Gen<JsonObject> Objects(Gen<JsonNode?> values) => Gen.Select(Keys, values).Array[0, 5].Select(members =>
        new JsonObject(
            members.DistinctBy(member => member.Item1).Select(member => KeyValuePair.Create(member.Item1, member.Item2?.DeepClone()))));

    private static byte[] Sanitize(byte[] block)
    {
        var pass = Shared.Begin(block);
        DomWalker.Walk(block, 100, pass, new BatchFacts(10, 0, 0));
        return block;
    }

    private static void Compare(JsonNode? original, JsonNode? expected, JsonNode? actual)
    {
        switch (original)
        {
            case JsonObject members:
                // A key may be sanitized too.
                foreach (var (member, e, a) in members.Select(m => m.Value).Zip(Members(expected), Members(actual)))
                {
                    Compare(member, e, a);
                }

                break;
            case JsonArray items:
                foreach (var (item, e, a) in items.Zip(expected!.AsArray(), actual!.AsArray()))
                {
                    Compare(item, e, a);
                }

                break;
            case not null when !JsonNode.DeepEquals(original, expected):
                Assert.False(
                    JsonNode.DeepEquals(original, actual),
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{original.ToJsonString()} became {expected?.ToJsonString()} in JSON and stayed in columns"));
                break;
        }
    }

    private static IEnumerable<JsonNode?> Members(JsonNode? node) => node!.AsObject().Select(member => member.Value);
}
