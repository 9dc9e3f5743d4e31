using SessionReplay.Catalog;
using SessionReplay.Format;
using SessionReplay.Pipeline.Facts;
using SessionReplay.Storage;

namespace SessionReplay.Pipeline.Lifecycle;

/// <summary>Which bytes make up an object of a session, and where each chunk lies in it.</summary>
internal sealed class RecordingPlan
{
    private readonly List<BlobSegment> _segments = [];
    private readonly List<MovedChunk> _moved = [];

    private RecordingPlan(string key, bool isRecording) => (Key, IsRecording) = (key, isRecording);

    /// <summary>The key of the object.</summary>
    public string Key { get; }

    /// <summary>Whether it is the recording object, else a part.</summary>
    public bool IsRecording { get; }

    public IReadOnlyList<BlobSegment> Segments => _segments;

    public IReadOnlyList<MovedChunk> Moved => _moved;

    public long Length { get; private set; }

    /// <summary>Whether some of the bytes lie in other objects.</summary>
    public bool HasObjects => _segments.Exists(static segment => segment.Key is not null);

    /// <summary>Plans a recording object.</summary>
    /// <param name="session">The session.</param>
    /// <param name="key">The key of the recording object.</param>
    /// <param name="chunks">All chunks of the session in (window, seq) order.</param>
    /// <param name="held">The bytes of those that the catalog holds.</param>
    /// <exception cref="FormatRejectedException">A row was tampered with: what it names is neither copied nor deleted.</exception>
    public static RecordingPlan Recording(
        SessionRow session, string key, IReadOnlyList<ChunkRow> chunks, IReadOnlyDictionary<ChunkCursor, ReadOnlyMemory<byte>> held)
    {
        var plan = new RecordingPlan(key, isRecording: true);
        plan.Add(new BlobSegment(RecordingIndex.CreateHeader()));
        var entries = new List<RecordingIndexEntry>(chunks.Count);
        foreach (var chunk in chunks)
        {
            ChunkPlace.Check(session.Session, session.SessionStarted, chunk.Location);
            entries.Add(new(
                chunk.Window, chunk.Seq, chunk.Flags, plan.Length, checked((uint)chunk.Location.Length), chunk.EventCount,
                chunk.FirstTime));
            plan.Add(chunk, held);
        }

        plan.Add(new BlobSegment(RecordingIndex.CreateTail(entries)));
        return plan;
    }

    /// <summary>Plans an object for some chunks that the catalog holds.</summary>
    public static RecordingPlan Part(
        string key, IReadOnlyList<ChunkRow> chunks, IReadOnlyDictionary<ChunkCursor, ReadOnlyMemory<byte>> held)
    {
        var plan = new RecordingPlan(key, isRecording: false);
        foreach (var chunk in chunks)
        {
            plan.Add(chunk, held);
        }

        return plan;
    }

    private void Add(ChunkRow chunk, IReadOnlyDictionary<ChunkCursor, ReadOnlyMemory<byte>> held)
    {
        var place = chunk.Location;
        _moved.Add(new(chunk.Window, chunk.Seq, place, new(Key, Length, place.Length)));
        Add(place.IsInCatalog
            ? new BlobSegment(held[new(chunk.Window, chunk.Seq)])
            : new BlobSegment(place.BlobKey, place.Offset, place.Length));
    }

    /// <summary>Chunks that adjoin in their object are copied in one piece.</summary>
    private void Add(BlobSegment segment)
    {
        Length += segment.Length;
        if (segment.Key is not null && _segments[^1] is { } last && last.Key == segment.Key && last.Offset + last.Length == segment.Offset)
        {
            _segments[^1] = new(segment.Key, last.Offset, last.Length + segment.Length);
        }
        else
        {
            _segments.Add(segment);
        }
    }
}
