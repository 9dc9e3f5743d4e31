using System.Text;
using Google.Protobuf;
using SessionReplay.Pipeline.Batches;
using SessionReplay.Pipeline.Tests.Sanitizing;
using SessionReplay.Wire;
using static SessionReplay.Pipeline.Tests.Batches.WireFields;

namespace SessionReplay.Pipeline.Tests.Batches;

public sealed class BatchWalkerTests
{
    private static readonly BatchLimits Limits = new(MaxEvents: 1_000, MaxStringBytes: 1024 * 1024, MaxMarkers: 64);

    [Fact]
    public void Walk_ValidBatch_BytesAreLeft()
    {
        var bytes = BatchSamples.CreateFull().ToByteArray();
        var (facts, after) = Walk(bytes);
        Assert.Equal(bytes, after);
        Assert.Equal((14, true, true), (facts.EventCount, facts.HasFullSnapshot, facts.IsLast));
    }

    [Fact]
    public void Walk_SecretInEveryString_NoneIsLeftAndTheMessageIsWhole()
    {
        const string Secret = "pay 4111111111111111 now";
        var batch = BatchSamples.CreateFull();
        var strings = Fill(batch, Secret);

        var (_, after) = Walk(batch.ToByteArray());

        Assert.Equal(47, strings);
        Assert.DoesNotContain("4111111111111111", Encoding.UTF8.GetString(after), StringComparison.Ordinal);
        Assert.Equal(batch.CountEvents(), EventBatch.Parser.ParseFrom(after).CountEvents());
    }

    [Fact]
    public void Walk_SensitiveHeader_ValueIsTakenOutWhateverTheOrder()
    {
        var batch = BatchSamples.Create();
        batch.Events.Add(new Event
        {
            Time = 1,
            Network = new NetworkEvent { Method = "GET",
                RequestHeaders = { new Header { Name = "Authorization", Value = "open sesame" },
                    new Header { Name = "accept", Value = "text/html" } } },
        });
        // Value first, then name: the same message to a protobuf reader.
        byte[] turned = [0x12, 8, .. "sesame12"u8, 0x0A, 6, .. "cookie"u8];
        byte[] network = [0x4A, (byte)turned.Length, .. turned];
        byte[] item = [0x08, 1, 0x22, (byte)network.Length, .. network];
        byte[] bytes = [.. batch.ToByteArray(), 0x7A, (byte)item.Length, .. item];

        var (_, after) = Walk(bytes);

        var headers = EventBatch.Parser.ParseFrom(after).Events.Where(e => e.Network is not null).SelectMany(e => e.Network.RequestHeaders)
            .ToList();
        Assert.Equal(["[header]***", "text/html", "[header]"], headers.Select(header => header.Value));
    }

    [Fact]
    public void Walk_NetworkBodyOfJson_IsGoneOverMemberByMember()
    {
        var batch = BatchSamples.Create();
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
        var batch = BatchSamples.Create();
        byte[] error = [0x32, 3, 0x0A, 1, (byte)'a'];
        byte[] last = [0x32, 3, 0x0A, 1, (byte)'b'];
        byte[] item = [0x08, 1, .. Enumerable.Repeat(error, 20).SelectMany(e => e), .. last];
        batch.Events.Add(new Event { Time = 1, Error = new ErrorEvent { Message = "of the batch" } });
        byte[] bytes = [.. batch.ToByteArray(), 0x7A, (byte)item.Length, .. item];

        var facts = new BatchFacts(200, BatchSamples.Time + 86_400_000, 0);
        var pass = SanitizerFixture.Create().Begin(bytes);
        new BatchWalker(Limits, pass, facts).Walk(bytes);

        Assert.Equal(
            ["of the batch", "b"],
            facts.Build(pass.Findings).Markers.Where(marker => marker.Kind == "error").Select(marker => marker.Label));
    }

    [Fact]
    public void Walk_IdBeforeTheLast_IsAnIdToo()
    {
        var bytes = BatchSamples.Create().ToByteArray();
        AssertRule("B3", [.. Field(2, "41111111111111112"u8), .. bytes]);
        AssertRule("B3", [.. Field(2, "4111111111111111"u8), .. bytes]);
        AssertRule("B3", [.. Field(3, "4111111111111111"u8), .. bytes]);
    }

    [Fact]
    public void Walk_VisitorsEvents_AreJoinedToStretches()
    {
        var batch = BatchSamples.Create();
        batch.ClearDom();
        foreach (var (offset, data) in new[]
        {
            (0, """{"source":0,"adds":[]}"""), (200, """{"source":1}"""), (900, """{"source":5}"""), (5_000, """{"source":3}"""),
            (5_500, """{"source":2,"type":5}"""),
            (9_000, """{"source":0,"adds":[]}"""),
        })
        {
            batch.AddDom((BatchSamples.Time + offset, $$"""{"type":3,"data":{{data}}}"""));
        }

        batch.Events.Add(new Event { Time = BatchSamples.Time + 20_000, Custom = new CustomEvent { Name = "checkout" } });
        batch.Events.Add(new Event { Time = BatchSamples.Time + 30_000, Console = new ConsoleEvent { Level = "log", Args = { "tick" } } });

        Assert.Equal([200u, 900u, 5_000u, 5_000u, 20_000u, 20_000u], Build(batch).Activity.Spans);
    }

    [Fact]
    public void Walk_BatchWithoutVisitor_TellsThatThereWasNone()
    {
        var batch = BatchSamples.Create();
        batch.ClearDom();
        batch.AddDom((BatchSamples.Time, """{"type":3,"data":{"source":0}}"""));

        Assert.Empty(Build(batch).Activity.Spans);
    }

    [Fact]
    public void Walk_ManyStretches_AreKeptWithinABound()
    {
        var batch = BatchSamples.Create();
        batch.ClearDom();
        for (var i = 0; i < 1_000; i++)
        {
            batch.AddDom((BatchSamples.Time + (i * 1_500L) + (i / 100 * 60_000), """{"type":3,"data":{"source":1}}"""));
        }

        Assert.Equal(20, Build(batch).Activity.Spans.Count);
    }

    [Fact]
    public void Walk_BrokenRules_AreNamed()
    {
        AssertRule("B1", [0xFF]);
        AssertRule("B1", [.. BatchSamples.Create().ToByteArray(), 0x7A, 0x80]);
        AssertRule("B1", [.. BatchSamples.Create().ToByteArray(), 0x7A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F]);
        AssertRule("B1", [.. BatchSamples.Create().ToByteArray(), 0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01]);
        AssertRule("B1", [.. BatchSamples.Create().ToByteArray(), 0x0F]);
        AssertRule("B1", [.. BatchSamples.Create().ToByteArray(), 0xFB, 0x3F, 0x08, 1, 0xFC, 0x3F]);
        AssertRule("B2", Changed(batch => batch.Version = 2));
        AssertRule("B2", Changed(batch => batch.Version = 0));
        AssertRule("B3", Changed(batch => batch.SessionId = ByteString.CopyFrom(new byte[16])));
        AssertRule("B3", Changed(batch => batch.WindowId = ByteString.CopyFrom(new byte[15])));
        AssertRule("B4", Changed(batch => batch.ClearDom()));
        AssertRule("B4", Changed(batch => batch.Seq = 1_000_001));
        AssertRule("B4", Changed(batch => batch.Events.AddRange(Enumerable.Repeat(Custom(1), 1_001))));
        AssertRule("B4", Changed(batch => batch.AddDom([.. Enumerable.Repeat((BatchSamples.Time, "{}"), 1_001)])));
        AssertRule("B5", Changed(batch => batch.Events.Add(Custom(0))));
        AssertRule("B5", Changed(batch => batch.Events.Add(Custom(1UL << 53))));
        AssertRule("B5", Changed(batch => batch.SetDomTimes(0)));
        AssertRule("B5", Changed(batch => batch.SetDomTimes(1L << 53)));
        AssertRule("B6", Changed(batch => batch.Events.Add(new Event { Time = 1 })));
        AssertRule("B8", [.. BatchSamples.Create().ToByteArray(), 0x2A, 2, 0xC3, 0x28]);
        AssertRule(
            "B8", Changed(
                batch =>
                    batch.Events.Add(new Event { Time = 1, Console = new ConsoleEvent { Level = new string('x', (1024 * 1024) + 1) } })));
    }

    private static Event Custom(ulong time) => new() { Time = time, Custom = new CustomEvent { Name = "x" } };

    private static byte[] Changed(Action<EventBatch> change)
    {
        var batch = BatchSamples.Create();
        change(batch);
        return batch.ToByteArray();
    }

    private static void AssertRule(string rule, byte[] bytes) =>
        Assert.Equal(rule, Assert.Throws<FormatRejectedException>(() => Walk(bytes)).Rule);

    private static ChunkFacts Build(EventBatch batch)
    {
        var bytes = batch.ToByteArray();
        var facts = new BatchFacts(Limits.MaxMarkers, BatchSamples.Time + 86_400_000, 0);
        var pass = SanitizerFixture.Create().Begin(bytes);
        new BatchWalker(Limits, pass, facts).Walk(bytes);
        return facts.Build(pass.Findings);
    }

    internal static (BatchFacts Facts, byte[] After) Walk(byte[] bytes)
    {
        var after = bytes.ToArray();
        var facts = new BatchFacts(Limits.MaxMarkers, BatchSamples.Time + 86_400_000, 0);
        var pass = SanitizerFixture.Create().Begin(after);
        new BatchWalker(Limits, pass, facts).Walk(after);
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
            else if (field.Name == "dom_events")
            {
                ((EventBatch)message).ClearDom().AddDom((1, $$$"""{"type":3,"data":{"a":"{{{text}}}","{{{text}}}":4111111111111111}}"""));
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
