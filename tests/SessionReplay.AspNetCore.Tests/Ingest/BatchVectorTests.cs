using SessionReplay.AspNetCore.Ingest;
using SessionReplay.AspNetCore.Tests.Sanitizing;
using SessionReplay.Format;

namespace SessionReplay.AspNetCore.Tests.Ingest;

/// <summary>Runs the batches of docs/format/vectors through the library; the other kinds are run by SessionReplay.Crypto.Tests.</summary>
public sealed class BatchVectorTests
{
    public static TheoryData<string> Batches => [.. VectorFile.List("batch")];

    [Theory]
    [MemberData(nameof(Batches))]
    public void Batch(string file)
    {
        var vector = VectorFile.Read(file);
        if (vector.Rule is { } rule)
        {
            Assert.Equal(rule, Assert.Throws<FormatRejectedException>(() => Walk(vector.Input)).Rule);
            return;
        }

        var facts = Walk(vector.Input);
        Assert.Equal(
            (vector["session"], vector["window"], vector.Number("seq"), vector.Number("events"), vector.Number("first-time")),
            (facts.Session.ToString(), facts.Window.ToString(), facts.Seq, facts.EventCount, facts.FirstTime));
    }

    private static BatchFacts Walk(byte[] body)
    {
        var limits = new IngestOptions();
        using var content = GzipMember.IsGzip(body) ? GzipMember.Decompress(body, limits.MaxDecompressedBytes) : null;
        var batch = content is null ? body : content.WrittenSpan.ToArray();
        var facts = new BatchFacts(limits.MaxMarkersPerBatch);
        new BatchWalker(limits, SanitizerFixture.Create().Begin(batch), facts).Walk(batch);
        return facts;
    }
}
