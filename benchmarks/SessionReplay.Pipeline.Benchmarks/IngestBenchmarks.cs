using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Options;
using SessionReplay.Format;
using SessionReplay.Pipeline.Batches;
using SessionReplay.Pipeline.Sanitizing;
using SessionReplay.Wire;

namespace SessionReplay.Pipeline.Benchmarks;

/// <summary>
/// What ingest does to a batch of 100 events between decompression and sealing (decode, validate, sanitize every string, collect the
/// facts), against Google.Protobuf making objects of the same bytes, which neither looks into DOM events nor sanitizes.
/// </summary>
[MemoryDiagnoser]
[Config(typeof(InProcessConfig))]
public class IngestBenchmarks
{
    private const int MaxDecompressedBytes = 64 * 1024 * 1024;
    private readonly BatchLimits _limits = new(MaxEvents: 2_000, MaxStringBytes: 1024 * 1024, MaxMarkers: 200);
    private readonly Sanitizer _sanitizer = new(Options.Create(new SanitizingOptions()), []);
    private byte[] _batch = [];
    private byte[] _member = [];

    [Params("first of page", "later of page", "typed")]
    public string Batch { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _batch = Batch switch
        {
            "first of page" => SampleBatches.FirstOfPage(),
            "later of page" => SampleBatches.LaterOfPage(),
            _ => SampleBatches.Typed(),
        };
        using var member = GzipMember.Compress(_batch, SharedBufferPool.Instance);
        _member = member.WrittenMemory.ToArray();
        var pass = _sanitizer.Begin(_batch);
        new BatchWalker(_limits, pass, new BatchFacts(_limits.MaxMarkers, 0, 0)).Walk(_batch);
        Console.WriteLine($"// {Batch}: {_batch.Length} bytes, {_member.Length} compressed, {pass.Total} findings");
    }

    [Benchmark(Baseline = true)]
    public int ParseFrom() => EventBatch.Parser.ParseFrom(_batch).Events.Count;

    [Benchmark]
    public int DecodeValidateSanitize()
    {
        var facts = new BatchFacts(_limits.MaxMarkers, 0, 0);
        var pass = _sanitizer.Begin(_batch);
        new BatchWalker(_limits, pass, facts).Walk(_batch);
        return facts.EventCount;
    }

    [Benchmark]
    public int DecompressDecodeValidateSanitize()
    {
        using var content = GzipMember.Decompress(_member, MaxDecompressedBytes, SharedBufferPool.Instance);
        var facts = new BatchFacts(_limits.MaxMarkers, 0, 0);
        var pass = _sanitizer.Begin(content.WrittenSpan);
        new BatchWalker(_limits, pass, facts).Walk(content.WrittenSpan);
        return facts.EventCount;
    }
}
