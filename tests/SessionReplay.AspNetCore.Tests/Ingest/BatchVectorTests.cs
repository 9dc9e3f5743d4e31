using SessionReplay.AspNetCore.Ingest;
using SessionReplay.AspNetCore.Tests.Sanitizing;
using SessionReplay.Format;

namespace SessionReplay.AspNetCore.Tests.Ingest;

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
    }

    /// <summary>Shortly after the events of the vectors.</summary>
    private const long ReceivedAt = 1_767_409_446_000;

    private static BatchFacts Take(byte[] body)
    {
        var limits = new IngestOptions();
        using var memory = new IngestMemory(Microsoft.Extensions.Options.Options.Create(new SessionReplayOptions())).Open("127.0.0.1");
        using var content = GzipMember.IsGzip(body) ? GzipMember.Decompress(body, limits.MaxDecompressedBytes, memory) : null;
        var batch = content?.WrittenMemory ?? body;
        var facts = new BatchFacts(limits.MaxMarkersPerBatch, ReceivedAt, 0);
        var pass = SanitizerFixture.Create().Begin(batch.Span);
        new BatchWalker(limits, pass, facts).Walk(batch.Span);
        return facts;
    }
}
