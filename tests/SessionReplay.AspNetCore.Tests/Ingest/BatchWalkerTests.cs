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
    public void Walk_UnknownFieldsAndGroups_AreSteppedOver()
    {
        byte[] unknown = [0xF8, 0x3F, 5, 0xFD, 0x3F, 1, 2, 3, 4, 0xF9, 0x3F, 1, 2, 3, 4, 5, 6, 7, 8, 0xFB, 0x3F, 0x08, 1, 0xFC, 0x3F];
        Assert.Equal(3, Walk([.. unknown, .. Batches.Create().ToByteArray(), .. unknown]).Facts.EventCount);
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
        AssertRule("B1", [.. Batches.Create().ToByteArray(), .. Enumerable.Repeat((byte)0x0B, 100)]);
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

    [Fact]
    public void Walk_TruncatedAtEveryLength_IsRefusedOrIsABatch()
    {
        var bytes = Batches.CreateFull().ToByteArray();
        for (var length = 0; length < bytes.Length; length++)
        {
            WalkOrReject(bytes[..length]);
        }
    }

    [Fact]
    public void Walk_EveryBitFlipped_IsRefusedOrIsABatch()
    {
        var bytes = Batches.CreateFull().ToByteArray();
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var flipped = bytes.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            WalkOrReject(flipped);
        }
    }

    [Fact]
    public void Walk_TenThousandRandomMutations_TakesWhatProtobufTakesAndThrowsNothingElse()
    {
        var random = new Random(20_261_124);
        var seeds = new[] { Batches.CreateFull().ToByteArray(), Batches.Create().ToByteArray() };
        var accepted = 0;
        for (var round = 0; round < 10_000; round++)
        {
            var bytes = seeds[round % 2].ToList();
            for (var change = random.Next(1, 6); change > 0; change--)
            {
                var at = random.Next(bytes.Count);
                switch (random.Next(4))
                {
                    case 0:
                        bytes[at] = (byte)random.Next(256);
                        break;
                    case 1:
                        bytes.Insert(at, (byte)random.Next(256));
                        break;
                    case 2:
                        bytes.RemoveAt(at);
                        break;
                    default:
                        bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(60), bytes.Count - at)));
                        break;
                }
            }

            var mutated = bytes.ToArray();
            var isMessage = IsMessage(mutated);
            if (WalkOrReject(mutated.ToArray()))
            {
                accepted++;
                Assert.True(isMessage);
            }
        }

        Assert.InRange(accepted, 100, 9_900);
    }

    private static string Nested(int depth) => string.Concat(Enumerable.Repeat("{\"a\":", depth - 1)) + "{}" + new string('}', depth - 1);

    private static byte[] Changed(Action<EventBatch> change)
    {
        var batch = Batches.Create();
        change(batch);
        return batch.ToByteArray();
    }

    private static void AssertRule(string rule, byte[] bytes) => Assert.Equal(rule, Assert.Throws<FormatRejectedException>(() => Walk(bytes)).Rule);

    private static bool IsMessage(byte[] bytes)
    {
        try
        {
            EventBatch.Parser.ParseFrom(bytes);
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }

    private static bool WalkOrReject(byte[] bytes)
    {
        try
        {
            Walk(bytes);
            return true;
        }
        catch (FormatRejectedException e)
        {
            Assert.Matches("^B[1-8]$", e.Rule);
            return false;
        }
    }

    private static ChunkFacts Build(EventBatch batch)
    {
        var bytes = batch.ToByteArray();
        var limits = new IngestOptions();
        var facts = new BatchFacts(limits.MaxMarkersPerBatch);
        var pass = SanitizerFixture.Create().Begin(bytes);
        new BatchWalker(limits, pass, facts).Walk(bytes);
        return facts.Build(pass.Findings);
    }

    private static (BatchFacts Facts, byte[] After) Walk(byte[] bytes)
    {
        var after = bytes.ToArray();
        var limits = new IngestOptions();
        var facts = new BatchFacts(limits.MaxMarkersPerBatch);
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
