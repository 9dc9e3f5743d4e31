using SessionReplay.FaultTests.Hosts;
using SessionReplay.FaultTests.Proxy;
using Xunit.Abstractions;

namespace SessionReplay.FaultTests.Cases;

/// <summary>
/// Counts what a compaction asks of a store, at the store's own protocol: each part is read once and the recording is written by one
/// request. Stores bill a write at 10 to 13 times the price of a read (docs/performance.md), so that joining parts inside of a store would
/// cost more.
/// </summary>
public abstract class CompactionCostCase(CompactionFixture fixture, ITestOutputHelper output) : CompactionCase(output)
{
    private readonly ITestOutputHelper _output = output;

    [SkippableFact]
    public async Task Compact_SessionOfManyParts_IsOneReadAPartAndOneWrite()
    {
        var at = await fixture.Installed;
        using var ended = await EndAsync(at);
        var stored = await at.Store.KeysAsync();
        await using var worker = await at.StartWorkerAsync(Settings.EndingSoon());
        await ProveCompactedAsync(at, "compaction, operations counted", ended);

        foreach (var session in ended.Sessions)
        {
            var name = session.ToString("N");
            var parts = stored.Count(key => key.Contains($"session_{name}/", StringComparison.Ordinal));
            var chunks = ended.Before.Keys.Count(chunk => chunk.Session == session);
            var requests = worker.Store.Exchanges.Where(exchange => exchange.Request.Contains(name, StringComparison.Ordinal)).ToList();
            var (reads, writes) = (requests.Count(IsRead), requests.Where(IsWrite).ToList());
            _output.WriteLine($"{at.Store.Adapter}: {parts} parts of {chunks} chunks: {reads} reads, {writes.Count} writes");

            Assert.True(parts > 2, $"{parts} parts");
            Assert.InRange(reads, parts, chunks);
            Assert.Contains(Recording, Assert.Single(writes).Request, StringComparison.Ordinal);
        }
    }

    private static bool IsRead(Exchange exchange) => exchange.IsGet && exchange.Request.Contains("part_", StringComparison.Ordinal);

    private static bool IsWrite(Exchange exchange) =>
        exchange.Request.StartsWith("PUT ", StringComparison.Ordinal) || exchange.Request.StartsWith("POST ", StringComparison.Ordinal);
}
