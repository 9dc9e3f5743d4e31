using SessionReplay.Catalog;
using SessionReplay.Keys;
using SessionReplay.Pipeline.Facts;
using SessionReplay.Storage;

namespace SessionReplay.AspNetCore.Playback;

/// <summary>
/// The chunks of one answer: all of one place, either the catalog or one object, there in the order of their offsets and close to each
/// other, so that one read gets them all.
/// </summary>
internal sealed class BatchPlan
{
    /// <summary>How many bytes between two chunks are read and skipped.</summary>
    private const long MaxSkipped = 256 * 1024;

    private readonly List<PlannedChunk> _chunks = [];
    private bool _hasPlace;
    private long _end;

    private BatchPlan()
    {
    }

    /// <summary>The chunks in the order of the answer.</summary>
    public IReadOnlyList<PlannedChunk> Chunks => _chunks;

    /// <summary>Whether what was asked for goes on behind these chunks.</summary>
    public bool HasMore { get; private set; }

    /// <summary>The object; <see langword="null"/> when nothing is to be read from one.</summary>
    public string? BlobKey { get; private set; }

    public long Offset { get; private set; }

    public long Length => _end - Offset;

    public static BatchPlan Create(SessionRow session, StretchPage page, IFieldProtector fields)
    {
        var plan = new BatchPlan { HasMore = page.HasMore };
        foreach (var chunk in page.Chunks)
        {
            var problem = FindProblem(session, chunk, fields);
            if (problem is null && !plan.TryPlace(chunk.Row.Location))
            {
                plan.HasMore = true;
                break;
            }

            plan._chunks.Add(new(chunk, problem));
        }

        return plan;
    }

    /// <summary>Makes the plan of an answer that says that the object's chunks are missing.</summary>
    public BatchPlan WithoutObject(BlobNotFoundException problem)
    {
        var plan = new BatchPlan { HasMore = HasMore };
        plan._chunks.AddRange(_chunks.Select(chunk => chunk.Problem is null ? chunk with { Problem = problem } : chunk));
        return plan;
    }

    /// <returns>What of the catalog's row is not what it should be. The place that it names is then not to be trusted.</returns>
    private static Exception? FindProblem(SessionRow session, StretchChunk chunk, IFieldProtector fields)
    {
        var (row, place) = (chunk.Row, chunk.Row.Location);
        try
        {
            ChunkPlace.Check(session.Session, session.SessionStarted, place);
        }
        catch (FormatRejectedException e)
        {
            return e;
        }

        if (fields.TryOpenFacts(session.Session, row) is null)
        {
            return new FormatRejectedException("C6", "The catalog's row of the chunk is not authentic.");
        }

        if (place.Length < ChunkHeader.Size + ChunkHeader.TagSize)
        {
            return new FormatRejectedException("C1", "The chunk is shorter than its header and tag.");
        }

        return place.IsInCatalog ? FindBodyProblem(session.Session, chunk) : null;
    }

    private static Exception? FindBodyProblem(SessionRef session, StretchChunk chunk) => chunk.Body switch
    {
        null => new BlobNotFoundException(new ChunkId(session.Tenant, session.Session, chunk.Row.Window, chunk.Row.Seq).ToString()),
        { } body when body.Length != chunk.Row.Location.Length =>
            new FormatRejectedException("R3", "The chunk has another length than the catalog's row of it."),
        _ => null,
    };

    private bool TryPlace(ChunkLocation place)
    {
        if (!_hasPlace)
        {
            (_hasPlace, BlobKey, Offset) = (true, place.BlobKey, place.Offset);
        }
        else if (place.BlobKey != BlobKey || (BlobKey is not null && place.Offset - _end is < 0 or > MaxSkipped))
        {
            return false;
        }

        _end = place.Offset + place.Length;
        return true;
    }
}
