using System.Text.Json;
using System.Text.Json.Nodes;
using SessionReplay.Format;
using SessionReplay.Pipeline.Batches;
using SessionReplay.Pipeline.Tests.Sanitizing;
using SessionReplay.Wire;

namespace SessionReplay.Pipeline.Tests.Batches;

/// <summary>Runs the vectors of batches (docs/format/vectors) through what ingest does with a body.</summary>
public sealed class BatchVectorTests
{
    public static TheoryData<string> Vectors => [.. VectorFile.List("batch")];

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Walk_Vector_IsAsExpected(string name)
    {
        var vector = VectorFile.Read(name);
        if (vector.Rule is { } rule)
        {
            Assert.Equal(rule, Assert.Throws<FormatRejectedException>(() => Take(vector.Input)).Rule);
            return;
        }

        var facts = Take(vector.Input);
        Assert.Equal(vector["session"], facts.Session.ToString());
        Assert.Equal(vector["window"], facts.Window.ToString());
        Assert.Equal(vector.Number("seq"), facts.Seq);
        Assert.Equal(vector.Number("events"), facts.EventCount);
        Assert.Equal(vector.Number("first-time"), facts.FirstTime);
        if (vector.Has("dom"))
        {
            var batch = EventBatch.Parser.ParseFrom(vector.Input);
            var read = $"[{string.Join(',', DomEvents.Read(batch.DomEvents))}]";
            // C# has no text with half a surrogate pair.
            Assert.Equal(Normal(vector["dom"].Replace(@"\ud83d", @"\ufffd", StringComparison.Ordinal)), Normal(read));
        }
    }

    private static readonly JsonSerializerOptions Deep = new() { MaxDepth = 1_024 };

    /// <summary>Shortly after the events of the vectors.</summary>
    private const long ReceivedAt = 1_767_409_446_000;

    private static string Normal(string json) =>
        JsonNode.Parse(json, null, new JsonDocumentOptions { MaxDepth = 1_024 })!.ToJsonString(Deep);

    private static BatchFacts Take(byte[] body)
    {
        var limits = new IngestOptions();
        using var content = GzipMember.IsGzip(body)
            ? GzipMember.Decompress(body, limits.MaxDecompressedBytes, SharedBufferPool.Instance)
            : null;
        var batch = content?.WrittenMemory ?? body;
        return new BatchSanitizer(SanitizerFixture.Create())
            .Sanitize(batch.Span, new(limits.MaxEvents, limits.MaxStringBytes, limits.MaxMarkersPerBatch), ReceivedAt, 0).Header;
    }
}
