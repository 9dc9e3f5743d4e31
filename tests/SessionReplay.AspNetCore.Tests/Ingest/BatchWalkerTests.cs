using System.Text;
using Google.Protobuf;
using SessionReplay.AspNetCore.Ingest;
using SessionReplay.AspNetCore.Tests.Sanitizing;
using SessionReplay.Format;
using SessionReplay.Wire;

namespace SessionReplay.AspNetCore.Tests.Ingest;

public sealed class BatchWalkerTests
{
    [Fact]
    public void Walk_ValidBatch_BytesAreLeft()
    {
        var bytes = Batches.CreateFull().ToByteArray();
        var (facts, after) = Walk(bytes);
        Assert.Equal(bytes, after);
        Assert.Equal((14, true, true), (facts.EventCount, facts.HasFullSnapshot, facts.IsLast));
    }

    [Fact]
    public void Walk_SecretInEveryString_NoneIsLeftAndTheMessageIsWhole()
    {
        const string Secret = "pay 4111111111111111 now";
        var batch = Batches.CreateFull();
        var strings = Fill(batch, Secret);

        var (_, after) = Walk(batch.ToByteArray());

        Assert.Equal(50, strings);
        Assert.DoesNotContain("4111111111111111", Encoding.UTF8.GetString(after), StringComparison.Ordinal);
        Assert.Equal(batch.Events.Count, EventBatch.Parser.ParseFrom(after).Events.Count);
    }

    [Fact]
    public void Walk_SensitiveHeader_ValueIsTakenOutWhateverTheOrder()
    {
        var batch = Batches.Create();
        batch.Events.Add(new Event
        {
            Time = 1, Network = new NetworkEvent { Method = "GET", RequestHeaders = { new Header { Name = "Authorization", Value = "open sesame" }, new Header { Name = "accept", Value = "text/html" } } },
        });
        // Value first, then name: the same message to a protobuf reader.
        byte[] turned = [0x12, 8, .. "sesame12"u8, 0x0A, 6, .. "cookie"u8];
        byte[] network = [0x4A, (byte)turned.Length, .. turned];
        byte[] item = [0x08, 1, 0x22, (byte)network.Length, .. network];
        byte[] bytes = [.. batch.ToByteArray(), 0x7A, (byte)item.Length, .. item];

        var (_, after) = Walk(bytes);

        var headers = EventBatch.Parser.ParseFrom(after).Events.Where(e => e.Network is not null).SelectMany(e => e.Network.RequestHeaders).ToList();
        Assert.Equal(["[header]***", "text/html", "[header]"], headers.Select(header => header.Value));
    }

    [Fact]
    public void Walk_NetworkBodyOfJson_IsGoneOverMemberByMember()
    {
        var batch = Batches.Create();
        batch.Events.Add(new Event
        {
            Time = 1,
            Network = new NetworkEvent
            {
                Method = "POST",
                RequestBody = """{"password":{"now":"abcdefgh","next":"abcdefgi"}}""",
                ResponseBody = """[{"name":"token","value":"abcdefgh"},{"password":"abc""",
            },
        });

        var (_, after) = Walk(batch.ToByteArray());

        var network = EventBatch.Parser.ParseFrom(after).Events.Single(e => e.Network is not null).Network;
        Assert.Equal("""{"password":{"now":"[field]*","next":"[field]*"}}""", network.RequestBody);
        Assert.Equal("""[{"name":"token","value":"[field]*"},{"password":"***""", network.ResponseBody);
    }

    [Fact]
    public void Walk_EventWithManyBodies_IsOneMarker()
    {
        var batch = Batches.Create();
        byte[] error = [0x32, 3, 0x0A, 1, (byte)'a'];
        byte[] last = [0x32, 3, 0x0A, 1, (byte)'b'];
        byte[] item = [0x08, 1, .. Enumerable.Repeat(error, 20).SelectMany(e => e), .. last];
        batch.Events.Add(new Event { Time = 1, Error = new ErrorEvent { Message = "of the batch" } });
        byte[] bytes = [.. batch.ToByteArray(), 0x7A, (byte)item.Length, .. item];

        var facts = new BatchFacts(200, Batches.Time + 86_400_000, 0);
        var pass = SanitizerFixture.Create().Begin(bytes);
        new BatchWalker(new IngestOptions(), pass, facts).Walk(bytes);

        Assert.Equal(["of the batch", "b"], facts.Build(pass.Findings).Markers.Where(marker => marker.Kind == "error").Select(marker => marker.Label));
    }

    [Fact]
    public void Walk_UnknownNumbers_AreSteppedOver()
    {
        byte[] unknown = [0xF8, 0x3F, 5, 0xFD, 0x3F, 1, 2, 3, 4, 0xF9, 0x3F, 1, 2, 3, 4, 5, 6, 7, 8];
        var (facts, after) = Walk([.. unknown, .. Batches.Create().ToByteArray(), .. unknown]);
        Assert.Equal(3, facts.EventCount);
        Assert.Equal(unknown, after[^unknown.Length..]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Walk_UnknownTextAnywhere_IsSanitizedAndTheMessageIsWhole(int form)
    {
        // A text; a text with a control character; a message with it; one in which a length (52 is '4') stands before it; a message in a message; one that
        // goes deeper than anybody looks; a message behind bytes that make the whole no UTF-8.
        var text = "pay 4111111111111111 now"u8.ToArray();
        byte[] content = form switch
        {
            0 => text,
            1 => [1, .. text],
            2 => Field(3, text),
            3 => Field(1, [.. "4111111111111111"u8, .. new byte[36].Select(_ => (byte)'.')]),
            4 => Field(1, Field(2, [.. Field(1, "a"u8), .. Field(2, text)])),
            5 => Enumerable.Range(0, 20).Aggregate(text, (inner, _) => Field(1, inner)),
            _ => [.. Field(1, [0xC3, 0x28]), .. Field(2, text)],
        };
        var unknown = Field(900, content);
        var whole = Batches.CreateFull();
        var spots = new List<byte[]> { Append(whole.ToByteArray(), unknown) };
        for (var i = 0; i < whole.Events.Count; i++)
        {
            spots.Add(Append(whole.ToByteArray(), Field(15, Append(whole.Events[i].ToByteArray(), unknown))));
            if (whole.Events[i].Dom.IsEmpty)
            {
                // Within the event's body, which is its last field.
                var item = whole.Events[i].ToByteArray();
                var body = BodyOf(item);
                spots.Add(Append(whole.ToByteArray(), Field(15, [.. item[..body.Start], .. Field(body.Number, Append(item[body.Content..], unknown))])));
            }
        }

        spots.Add(Append(whole.ToByteArray(), Field(7, Append(whole.Page.ToByteArray(), unknown))));
        spots.Add(Append(whole.ToByteArray(), Field(15, [8, 1, .. Field(4, Field(9, unknown))])));
        foreach (var bytes in spots)
        {
            var (_, after) = Walk(bytes);
            Assert.Equal(-1, after.AsSpan().IndexOf("4111111111111111"u8));
            Assert.True(EventBatch.Parser.ParseFrom(after).CalculateSize() > 0);
        }
    }

    [Fact]
    public void Walk_KnownFieldsOfAnotherType_AreSanitizedToo()
    {
        foreach (var field in new[] { 1, 4, 6, 8 })
        {
            Assert.Equal(-1, Walk(Append(Batches.Create().ToByteArray(), Field(field, "pay 4111111111111111 now"u8.ToArray()))).After.AsSpan().IndexOf("4111111111111111"u8));
        }
    }

    [Fact]
    public void Walk_UnknownBytesThatAreNoText_AreOverwrittenAndCounted()
    {
        var (_, after) = Walk(Append(Batches.Create().ToByteArray(), Field(900, [0xFF, 0xFE, 1, 2, 3, 4, 5, 6, 7, 8])));
        Assert.True(after.AsSpan().EndsWith("[field]***"u8));
    }

    [Fact]
    public void Walk_OrdinaryUnknownFields_AreKeptAsTheyAre()
    {
        foreach (var content in new[] { "of a later version"u8.ToArray(), Field(1, "\u00e4 text with \n lines"u8), Field(2, Field(1, "x"u8)), [], Field(5, []) })
        {
            var bytes = Append(Batches.CreateFull().ToByteArray(), Field(900, content));
            Assert.Equal(bytes, Walk(bytes).After);
        }
    }

    [Fact]
    public void Walk_IdBeforeTheLast_IsAnIdToo()
    {
        var bytes = Batches.Create().ToByteArray();
        AssertRule("B3", [.. Field(2, "41111111111111112"u8), .. bytes]);
        AssertRule("B3", [.. Field(2, "4111111111111111"u8), .. bytes]);
        AssertRule("B3", [.. Field(3, "4111111111111111"u8), .. bytes]);
    }

    [Fact]
    public void Walk_VisitorsEvents_AreJoinedToStretches()
    {
        var batch = Batches.Create();
        batch.Events.Clear();
        foreach (var (offset, data) in new[]
        {
            (0, """{"source":0,"adds":[]}"""), (200, """{"source":1}"""), (900, """{"source":5}"""), (5_000, """{"source":3}"""), (5_500, """{"source":2,"type":5}"""),
            (9_000, """{"source":0,"adds":[]}"""),
        })
        {
            batch.Events.Add(Batches.Dom(Batches.Time + offset, $$"""{"type":3,"data":{{data}},"timestamp":1}"""));
        }

        batch.Events.Add(new Event { Time = Batches.Time + 20_000, Custom = new CustomEvent { Name = "checkout" } });
        batch.Events.Add(new Event { Time = Batches.Time + 30_000, Console = new ConsoleEvent { Level = "log", Args = { "tick" } } });

        Assert.Equal([200u, 900u, 5_000u, 5_000u, 20_000u, 20_000u], Build(batch).Activity.Spans);
    }

    [Fact]
    public void Walk_BatchWithoutVisitor_TellsThatThereWasNone()
    {
        var batch = Batches.Create();
        batch.Events.Clear();
        batch.Events.Add(Batches.Dom(Batches.Time, """{"type":3,"data":{"source":0},"timestamp":1}"""));

        Assert.Empty(Build(batch).Activity.Spans);
    }

    [Fact]
    public void Walk_ManyStretches_AreKeptWithinABound()
    {
        var batch = Batches.Create();
        batch.Events.Clear();
        for (var i = 0; i < 1_000; i++)
        {
            batch.Events.Add(Batches.Dom(Batches.Time + (i * 1_500L) + (i / 100 * 60_000), """{"type":3,"data":{"source":1},"timestamp":1}"""));
        }

        Assert.Equal(20, Build(batch).Activity.Spans.Count);
    }

    [Fact]
    public void Walk_BrokenRules_AreNamed()
    {
        AssertRule("B1", [0xFF]);
        AssertRule("B1", [.. Batches.Create().ToByteArray(), 0x7A, 0x80]);
        AssertRule("B1", [.. Batches.Create().ToByteArray(), 0x7A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F]);
        AssertRule("B1", [.. Batches.Create().ToByteArray(), 0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01]);
        AssertRule("B1", [.. Batches.Create().ToByteArray(), 0x0F]);
        AssertRule("B1", [.. Batches.Create().ToByteArray(), 0xFB, 0x3F, 0x08, 1, 0xFC, 0x3F]);
        AssertRule("B2", Changed(batch => batch.Version = 2));
        AssertRule("B2", Changed(batch => batch.Version = 0));
        AssertRule("B3", Changed(batch => batch.SessionId = ByteString.CopyFrom(new byte[16])));
        AssertRule("B3", Changed(batch => batch.WindowId = ByteString.CopyFrom(new byte[15])));
        AssertRule("B4", Changed(batch => batch.Events.Clear()));
        AssertRule("B4", Changed(batch => batch.Seq = 1_000_001));
        AssertRule("B4", Changed(batch => batch.Events.AddRange(Enumerable.Repeat(batch.Events[0], 2_000))));
        AssertRule("B5", Changed(batch => batch.Events[1].Time = 0));
        AssertRule("B5", Changed(batch => batch.Events[1].Time = 1UL << 53));
        AssertRule("B6", Changed(batch => batch.Events[1].ClearBody()));
        foreach (var json in new[] { "", " ", "[]", "1", "{", "{}{}", "{}x", "{\"a\":\"\u0001\"}", "{\"a\":\"\\x\"}", "{'a':1}", "{\"a\":01}" })
        {
            AssertRule("B7", Changed(batch => batch.Events[1].Dom = ByteString.CopyFromUtf8(json)));
        }

        AssertRule("B7", Changed(batch => batch.Events[1].Dom = ByteString.CopyFrom([.. "{\"a\":\""u8, 0xFF, .. "\"}"u8])));
        AssertRule("B7", Changed(batch => batch.Events[1].Dom = ByteString.CopyFromUtf8(Nested(513))));
        Walk(Changed(batch => batch.Events[1].Dom = ByteString.CopyFromUtf8(Nested(512))));
        AssertRule("B8", [.. Batches.Create().ToByteArray(), 0x2A, 2, 0xC3, 0x28]);
        AssertRule("B8", Changed(batch => batch.Events[1].Console = new ConsoleEvent { Level = new string('x', (1024 * 1024) + 1) }));
    }

    private static byte[] Append(byte[] message, byte[] field) => [.. message, .. field];

    private static byte[] Field(int number, ReadOnlySpan<byte> content)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream))
        {
            output.WriteTag(number, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(content));
        }

        return stream.ToArray();
    }

    private static (int Number, int Start, int Content) BodyOf(byte[] item)
    {
        using var input = new CodedInputStream(item);
        while (true)
        {
            var start = (int)input.Position;
            var tag = input.ReadTag();
            if (WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited)
            {
                input.ReadLength();
                return (WireFormat.GetTagFieldNumber(tag), start, (int)input.Position);
            }

            input.ReadUInt64();
        }
    }

    private static string Nested(int depth) => string.Concat(Enumerable.Repeat("{\"a\":", depth - 1)) + "{}" + new string('}', depth - 1);

    private static byte[] Changed(Action<EventBatch> change)
    {
        var batch = Batches.Create();
        change(batch);
        return batch.ToByteArray();
    }

    private static void AssertRule(string rule, byte[] bytes) => Assert.Equal(rule, Assert.Throws<FormatRejectedException>(() => Walk(bytes)).Rule);

    private static ChunkFacts Build(EventBatch batch)
    {
        var bytes = batch.ToByteArray();
        var limits = new IngestOptions();
        var facts = new BatchFacts(limits.MaxMarkersPerBatch, Batches.Time + 86_400_000, 0);
        var pass = SanitizerFixture.Create().Begin(bytes);
        new BatchWalker(limits, pass, facts).Walk(bytes);
        return facts.Build(pass.Findings);
    }

    internal static (BatchFacts Facts, byte[] After) Walk(byte[] bytes)
    {
        var after = bytes.ToArray();
        var limits = new IngestOptions();
        var facts = new BatchFacts(limits.MaxMarkersPerBatch, Batches.Time + 86_400_000, 0);
        var pass = SanitizerFixture.Create().Begin(after);
        new BatchWalker(limits, pass, facts).Walk(after);
        facts.Build(pass.Findings);
        return (facts, after);
    }

    // Puts a text into every string of a message and of those within it; tells into how many.
    private static int Fill(IMessage message, string text)
    {
        var count = 0;
        foreach (var field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            var isJson = field.Name.EndsWith("_json", StringComparison.Ordinal);
            var value = field.Accessor.GetValue(message);
            if (field.FieldType == Google.Protobuf.Reflection.FieldType.String)
            {
                if (value is System.Collections.IList list)
                {
                    list.Add(text);
                }
                else if (field.RealContainingOneof is null || field.Accessor.HasValue(message))
                {
                    field.Accessor.SetValue(message, isJson ? $"{{\"x\":[\"{text}\",4111111111111111]}}" : text);
                }

                count++;
            }
            else if (field.Name == "dom" && value is ByteString { IsEmpty: false })
            {
                field.Accessor.SetValue(message, ByteString.CopyFromUtf8($$$"""{"type":3,"data":{"a":"{{{text}}}","{{{text}}}":4111111111111111}}"""));
                count++;
            }
            else if (value is System.Collections.IList { Count: > 0 } messages && messages[0] is IMessage)
            {
                count += messages.Cast<IMessage>().Sum(item => Fill(item, text));
            }
            else if (value is IMessage inner)
            {
                count += Fill(inner, text);
            }
        }

        return count;
    }
}
