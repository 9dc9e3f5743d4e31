using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Options;
using SessionReplay.AspNetCore.Ingest;
using SessionReplay.AspNetCore.Sanitizing;
using SessionReplay.Wire;

namespace SessionReplay.AspNetCore.Benchmarks;

/// <summary>
/// What ingest does to a batch of 100 events between decompression and sealing (decode, validate, sanitize every string, collect the facts),
/// against Google.Protobuf making objects of the same bytes, which neither looks into DOM events nor sanitizes.
/// </summary>
[MemoryDiagnoser]
[Config(typeof(InProcessConfig))]
public class IngestBenchmarks
{
    private readonly IngestOptions _limits = new();
    private readonly Sanitizer _sanitizer = new(Options.Create(new SessionReplayOptions()), []);
    private readonly IngestMemory _memory = new(Microsoft.Extensions.Options.Options.Create(new SessionReplayOptions()));
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
        using var memory = _memory.Open("127.0.0.1");
        using var member = GzipMember.Compress(_batch, memory);
        _member = member.WrittenMemory.ToArray();
        var pass = _sanitizer.Begin(_batch);
        new BatchWalker(_limits, pass, new BatchFacts(_limits.MaxMarkersPerBatch, 0, 0)).Walk(_batch);
        Console.WriteLine($"// {Batch}: {_batch.Length} bytes, {_member.Length} compressed, {pass.Total} findings");
    }

    [Benchmark(Baseline = true)]
    public int ParseFrom() => EventBatch.Parser.ParseFrom(_batch).Events.Count;

    [Benchmark]
    public int DecodeValidateSanitize()
    {
        var facts = new BatchFacts(_limits.MaxMarkersPerBatch, 0, 0);
        var pass = _sanitizer.Begin(_batch);
        new BatchWalker(_limits, pass, facts).Walk(_batch);
        return facts.EventCount;
    }

    [Benchmark]
    public int DecompressDecodeValidateSanitize()
    {
        using var memory = _memory.Open("127.0.0.1");
        using var content = GzipMember.Decompress(_member, _limits.MaxDecompressedBytes, memory);
        var facts = new BatchFacts(_limits.MaxMarkersPerBatch, 0, 0);
        var pass = _sanitizer.Begin(content.WrittenSpan);
        new BatchWalker(_limits, pass, facts).Walk(content.WrittenSpan);
        return facts.EventCount;
    }
}
