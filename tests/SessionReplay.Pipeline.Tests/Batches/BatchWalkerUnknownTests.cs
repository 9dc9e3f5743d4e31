using Google.Protobuf;
using SessionReplay.Wire;
using static SessionReplay.Pipeline.Tests.Batches.BatchWalkerTests;
using static SessionReplay.Pipeline.Tests.Batches.WireFields;

namespace SessionReplay.Pipeline.Tests.Batches;

/// <summary>Fields that this version does not know.</summary>
public sealed class BatchWalkerUnknownTests
{
    [Fact]
    public void Walk_UnknownNumbers_AreSteppedOver()
    {
        byte[] unknown = [0xF8, 0x3F, 5, 0xFD, 0x3F, 1, 2, 3, 4, 0xF9, 0x3F, 1, 2, 3, 4, 5, 6, 7, 8];
        var (facts, after) = Walk([.. unknown, .. BatchSamples.Create().ToByteArray(), .. unknown]);
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
        // A text; a text with a control character; a message with it; one in which a length (52 is '4') stands before it; a message in a
        // message; one that goes deeper than anybody looks; a message behind bytes that make the whole no UTF-8.
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
        var whole = BatchSamples.CreateFull();
        var spots = new List<byte[]> { Append(whole.ToByteArray(), unknown) };
        for (var i = 0; i < whole.Events.Count; i++)
        {
            spots.Add(Append(whole.ToByteArray(), Field(15, Append(whole.Events[i].ToByteArray(), unknown))));

            // Within the event's body, which is its last field.
            var item = whole.Events[i].ToByteArray();
            var body = BodyOf(item);
            spots.Add(
                Append(whole.ToByteArray(),
                    Field(15, [.. item[..body.Start], .. Field(body.Number, Append(item[body.Content..], unknown))])));
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
            Assert.Equal(
                -1, Walk(Append(BatchSamples.Create().ToByteArray(), Field(field, "pay 4111111111111111 now"u8.ToArray()))).After.AsSpan()
                    .IndexOf("4111111111111111"u8));
        }
    }

    [Fact]
    public void Walk_UnknownBytesThatAreNoText_AreOverwrittenAndCounted()
    {
        var (_, after) = Walk(Append(BatchSamples.Create().ToByteArray(), Field(900, [0xFF, 0xFE, 1, 2, 3, 4, 5, 6, 7, 8])));
        Assert.True(after.AsSpan().EndsWith("[field]***"u8));
    }

    [Fact]
    public void Walk_OrdinaryUnknownFields_AreKeptAsTheyAre()
    {
        foreach (var content in new[] { "of a later version"u8.ToArray(), Field(1, "\u00e4 text with \n lines"u8),
            Field(2, Field(1, "x"u8)), [], Field(5, []) })
        {
            var bytes = Append(BatchSamples.CreateFull().ToByteArray(), Field(900, content));
            Assert.Equal(bytes, Walk(bytes).After);
        }
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
}
