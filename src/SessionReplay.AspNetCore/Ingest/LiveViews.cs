namespace SessionReplay.AspNetCore.Ingest;

/// <summary>
/// Knows which sessions somebody watches live at this moment, so that their recorders send more often. Of this process alone: where
/// playback runs in another process than ingest, recorders send as when nobody watches.
/// </summary>
internal sealed class LiveViews(TimeProvider clock)
{
    private const int Generation = 10_000;

    /// <summary>A player asks for what is new more often than this.</summary>
    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(15);

    private readonly Lock _lock = new();
    private readonly RecentMap<SessionRef, long> _seen = new(Generation);

    /// <summary>Notes that a viewer has asked for what is new of a session that is arriving.</summary>
    public void Note(SessionRef session)
    {
        lock (_lock)
        {
            _seen.Set(session, clock.GetTimestamp());
        }
    }

    public bool IsWatched(SessionRef session)
    {
        lock (_lock)
        {
            return _seen.TryGet(session, out var at) && clock.GetElapsedTime(at) < Lasting;
        }
    }
}
