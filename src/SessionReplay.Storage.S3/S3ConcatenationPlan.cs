using System.Diagnostics.CodeAnalysis;

namespace SessionReplay.Storage.S3;

/// <summary>Cuts segments into the parts of a multipart upload.</summary>
internal sealed class S3ConcatenationPlan
{
    private readonly long _minPart;
    private readonly long _maxCopied;
    private readonly List<S3ConcatenationPart> _parts = [];
    private List<BlobSegment> _gathered = [];
    private long _gatheredBytes;

    private S3ConcatenationPlan(long minPart, long maxCopied) => (_minPart, _maxCopied) = (minPart, maxCopied);

    /// <returns><see langword="false"/> when nothing would be copied inside the store: then a plain put is as good.</returns>
    public static bool TryCreate(
        IReadOnlyList<BlobSegment> segments, long minPart, long maxCopied, int maxParts,
        [NotNullWhen(true)] out IReadOnlyList<S3ConcatenationPart>? plan)
    {
        var builder = new S3ConcatenationPlan(minPart, maxCopied);
        foreach (var segment in segments)
        {
            builder.Add(segment);
        }

        builder.EndPart();
        plan = builder._parts.Count <= maxParts && builder._parts.Exists(p => p.CopyOf is not null) ? builder._parts : null;
        return plan is not null;
    }

    private void Add(BlobSegment segment)
    {
        // Too little was gathered for a part: the beginning of the large segment fills it up, if enough of the segment is left to copy.
        var fill = _gatheredBytes > 0 ? _minPart - _gatheredBytes : 0;
        if (segment.Key is null || segment.Length - fill < _minPart)
        {
            Gather(segment);
            return;
        }

        if (fill > 0)
        {
            Gather(new BlobSegment(segment.Key, segment.Offset, fill));
        }

        Copy(segment.Key, segment.Offset + fill, segment.Length - fill);
    }

    private void Gather(BlobSegment segment)
    {
        _gathered.Add(segment);
        _gatheredBytes += segment.Length;
        if (_gatheredBytes >= _minPart)
        {
            EndPart();
        }
    }

    private void EndPart()
    {
        if (_gathered.Count > 0)
        {
            _parts.Add(new(null, _gathered));
            _gathered = [];
            _gatheredBytes = 0;
        }
    }

    private void Copy(string key, long offset, long length)
    {
        while (length > 0)
        {
            var take = length - _maxCopied < _minPart && length > _maxCopied ? length / 2 : Math.Min(length, _maxCopied);
            _parts.Add(new(new BlobSegment(key, offset, take), []));
            (offset, length) = (offset + take, length - take);
        }
    }
}
