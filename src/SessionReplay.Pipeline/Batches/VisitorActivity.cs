using SessionReplay.Wire;

namespace SessionReplay.Pipeline.Batches;

/// <summary>Collects when a visitor did something, so that a player can skip what lies between without loading it.</summary>
internal sealed class VisitorActivity
{
    private const int MaxSpans = 32;
    private const long FirstJoin = 1_000;

    private readonly List<long> _times = [];

    public void Add(long time) => _times.Add(time);

    /// <summary>Joins the times to stretches. When there would be too many, stretches that lie further apart become one too.</summary>
    /// <param name="from">The smallest time of the batch.</param>
    public Activity Build(long from)
    {
        _times.Sort();
        for (var join = FirstJoin; ; join *= 2)
        {
            var activity = Join(from, join);
            if (activity.Spans.Count <= MaxSpans * 2)
            {
                return activity;
            }
        }
    }

    private Activity Join(long from, long join)
    {
        var activity = new Activity();
        var last = long.MinValue;
        foreach (var time in _times)
        {
            // A batch whose clock was set by weeks has no offset that fits: it is cut off there.
            var offset = (uint)Math.Min(time - from, uint.MaxValue);
            if (activity.Spans.Count > 0 && time - last <= join)
            {
                activity.Spans[^1] = offset;
            }
            else
            {
                activity.Spans.Add(offset);
                activity.Spans.Add(offset);
            }

            last = time;
        }

        return activity;
    }
}
