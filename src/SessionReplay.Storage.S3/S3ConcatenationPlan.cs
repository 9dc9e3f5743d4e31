using System.Diagnostics.CodeAnalysis;

namespace SessionReplay.Storage.S3;

/// <summary>Cuts segments into the parts of a multipart upload.</summary>
internal static class S3ConcatenationPlan
{
    /// <returns><see langword="false"/> when nothing would be copied inside the store: then a plain put is as good.</returns>
    public static bool TryCreate(
        IReadOnlyList<BlobSegment> segments, long leastPart, long mostCopied, int mostParts, [NotNullWhen(true)] out IReadOnlyList<S3ConcatenationPart>? plan)
    {
        var parts = new List<S3ConcatenationPart>();
        var gathered = new List<BlobSegment>();
        long gatheredBytes = 0;

        foreach (var whole in segments)
        {
            var segment = whole;
            if (segment.Key is null || segment.Length < leastPart)
            {
                Gather(segment);
                continue;
            }

            if (gatheredBytes > 0)
            {
                // Too little was gathered for a part: the beginning of the large segment fills it up, if enough of the segment is left to copy.
                var fill = leastPart - gatheredBytes;
                if (segment.Length - fill < leastPart)
                {
                    Gather(segment);
                    continue;
                }

                Gather(new BlobSegment(segment.Key, segment.Offset, fill));
                segment = new BlobSegment(segment.Key, segment.Offset + fill, segment.Length - fill);
            }

            while (segment.Length > 0)
            {
                var take = segment.Length - mostCopied < leastPart && segment.Length > mostCopied ? segment.Length / 2 : Math.Min(segment.Length, mostCopied);
                parts.Add(new(new BlobSegment(segment.Key!, segment.Offset, take), []));
                segment = new BlobSegment(segment.Key!, segment.Offset + take, segment.Length - take);
            }
        }

        if (gathered.Count > 0)
        {
            parts.Add(new(null, gathered));
        }

        plan = parts.Count <= mostParts && parts.Exists(p => p.CopyOf is not null) ? parts : null;
        return plan is not null;

        void Gather(BlobSegment segment)
        {
            gathered.Add(segment);
            gatheredBytes += segment.Length;
            if (gatheredBytes >= leastPart)
            {
                parts.Add(new(null, gathered));
                gathered = [];
                gatheredBytes = 0;
            }
        }
    }
}
