using SessionReplay.Catalog;
using SessionReplay.Format;
using SessionReplay.Pipeline.Facts;
using SessionReplay.Storage;

namespace SessionReplay.Pipeline.Lifecycle;

/// <summary>Which bytes make up a session's recording object, and where each chunk lies in it.</summary>
internal sealed class RecordingPlan
{
    private RecordingPlan(string key, IReadOnlyList<BlobSegment> segments, IReadOnlyList<MovedChunk> moved, long length) =>
        (Key, Segments, Moved, Length) = (key, segments, moved, length);

    /// <summary>The key of the recording object.</summary>
    public string Key { get; }

    public IReadOnlyList<BlobSegment> Segments { get; }

    public IReadOnlyList<MovedChunk> Moved { get; }

    public long Length { get; }

    /// <param name="session">The session.</param>
    /// <param name="key">The key of the recording object.</param>
    /// <param name="chunks">The session's chunks in (window, seq) order.</param>
    /// <exception cref="FormatRejectedException">A row was tampered with: what it names is neither copied nor deleted.</exception>
    public static RecordingPlan Create(SessionRow session, string key, IReadOnlyList<ChunkRow> chunks)
    {
        var segments = new List<BlobSegment> { new(RecordingIndex.CreateHeader()) };
        var entries = new List<RecordingIndexEntry>(chunks.Count);
        var moved = new List<MovedChunk>(chunks.Count);
        long offset = RecordingIndex.HeaderSize;
        foreach (var chunk in chunks)
        {
            ChunkPlace.Check(session.Session, session.SessionStarted, chunk.Location);
            Add(segments, chunk.Location);
            entries.Add(
                new(chunk.Window, chunk.Seq, chunk.Flags, offset, checked((uint)chunk.Location.Length), chunk.EventCount, chunk.FirstTime));
            moved.Add(new(chunk.Window, chunk.Seq, chunk.Location, new(key, offset, chunk.Location.Length)));
            offset += chunk.Location.Length;
        }

        var tail = RecordingIndex.CreateTail(entries);
        segments.Add(new(tail));
        return new(key, segments, moved, offset + tail.Length);
    }

    /// <summary>Chunks that adjoin in their object are copied in one piece.</summary>
    private static void Add(List<BlobSegment> segments, ChunkLocation chunk)
    {
        var last = segments[^1];
        if (last.Key == chunk.BlobKey && last.Offset + last.Length == chunk.Offset)
        {
            segments[^1] = new(chunk.BlobKey, last.Offset, last.Length + chunk.Length);
        }
        else
        {
            segments.Add(new(chunk.BlobKey, chunk.Offset, chunk.Length));
        }
    }
}
