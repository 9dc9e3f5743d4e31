using Microsoft.AspNetCore.Http;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>
/// Remembers which batches of a window this process has made durable, so that an answer vouches for all of them: one that was lost on its
/// way to the page is made up for by the next. Bounded in windows and in ranges; what is forgotten is sent again by the page, which does no
/// harm.
/// </summary>
internal sealed class WindowReceipts
{
    private const int Generation = 50_000;
    private const int MaxRanges = 16;

    private readonly Lock _lock = new();
    private readonly RecentMap<(SessionRef Session, WindowId Window), List<(uint From, uint To)>> _windows = new(Generation);
    private readonly RecentMap<ChunkId, BatchDigest> _digests = new(Generation);

    /// <summary>Returns whether a batch has its number already.</summary>
    public bool IsReserved(ChunkId batch, BatchDigest digest)
    {
        lock (_lock)
        {
            return _digests.TryGet(batch, out var known) && known == digest;
        }
    }

    /// <summary>
    /// Gives a number to a batch before it is published: of two that come at once, one is refused. What this process has forgotten, or
    /// another has taken, the catalog finds out.
    /// </summary>
    /// <exception cref="IngestRejectedException">Another batch has this number.</exception>
    public void Reserve(ChunkId batch, BatchDigest digest)
    {
        lock (_lock)
        {
            if (!_digests.TryGet(batch, out var known))
            {
                _digests.Set(batch, digest);
                return;
            }

            if (known == digest)
            {
                return;
            }
        }

        throw new IngestRejectedException(
            StatusCodes.Status409Conflict, "batch-conflict", "Another batch with this number was taken before.",
            "A number names one batch for ever.");
    }

    /// <summary>Notes a batch that is durable.</summary>
    /// <returns>What is known to be durable of its window: ranges of seq in order, both ends included.</returns>
    public IReadOnlyList<uint[]> Add(ChunkId batch)
    {
        var (session, window, seq) = (batch.SessionRef, batch.Window, batch.Seq);
        lock (_lock)
        {
            if (!_windows.TryGet((session, window), out var ranges))
            {
                ranges = [];
                _windows.Set((session, window), ranges);
            }

            Add(ranges, seq);
            if (ranges.Count > MaxRanges)
            {
                // The one that holds the batch at hand stays.
                ranges.RemoveAt(ranges[0].From <= seq && seq <= ranges[0].To ? 1 : 0);
            }

            return [.. ranges.Select(range => new[] { range.From, range.To })];
        }
    }

    private static void Add(List<(uint From, uint To)> ranges, uint seq)
    {
        var next = ranges.FindIndex(range => range.To + 1L >= seq);
        if (next < 0)
        {
            ranges.Add((seq, seq));
            return;
        }

        var (from, to) = ranges[next];
        if (seq + 1L < from)
        {
            ranges.Insert(next, (seq, seq));
            return;
        }

        ranges[next] = (Math.Min(from, seq), Math.Max(to, seq));
        if (next + 1 < ranges.Count && ranges[next + 1].From <= ranges[next].To + 1L)
        {
            ranges[next] = (ranges[next].From, ranges[next + 1].To);
            ranges.RemoveAt(next + 1);
        }
    }
}
