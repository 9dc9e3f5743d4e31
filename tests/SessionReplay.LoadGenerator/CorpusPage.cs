using System.Collections.Concurrent;
using SessionReplay.Testing;

namespace SessionReplay.LoadGenerator;

/// <summary>One recorded page.</summary>
public sealed class CorpusPage(string url, IReadOnlyList<CorpusEvent> events)
{
    private readonly ConcurrentDictionary<int, IReadOnlyList<RecordedBlock>> _blocks = [];

    public string Url => url;

    public IReadOnlyList<CorpusEvent> Events => events;

    /// <summary>Returns the events in blocks of so many, which are written once.</summary>
    public IReadOnlyList<RecordedBlock> Blocks(int eventsPerBlock) => _blocks.GetOrAdd(
        eventsPerBlock, size => [.. events.Chunk(size).Select(chunk => new RecordedBlock([.. chunk.Select(e => (e.Time, e.Json))]))]);
}
