using System.Threading.Channels;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>
/// Knows which sessions somebody watches live at this moment, so that their recorders send more often. A view in this process counts at
/// once. <c>LiveViewWriter</c> notes it in the catalog for other processes, and <see cref="LiveViewReader"/> reads theirs: nothing here
/// waits for the catalog.
/// </summary>
internal sealed class LiveViews(TimeProvider clock)
{
    /// <summary>A player asks for what is new more often than this.</summary>
    public static readonly TimeSpan Lasting = TimeSpan.FromSeconds(15);

    /// <summary>How many sessions are known to be watched in other processes.</summary>
    public const int MaxShared = 10_000;

    private const int Generation = 10_000;

    /// <summary>Other processes hear of a view as often as this.</summary>
    private static readonly TimeSpan SharePause = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly RecentMap<SessionRef, (long Seen, long Shared)> _views = new(Generation);
    private readonly Channel<SessionRef> _toShare = Channel.CreateBounded<SessionRef>(
        new BoundedChannelOptions(Generation) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly Channel<bool> _asked = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private volatile SharedViews? _shared;

    /// <summary>Gets the sessions whose view other processes should hear of.</summary>
    public ChannelReader<SessionRef> ToShare => _toShare.Reader;

    /// <summary>Gets an item when <see cref="IsWatched"/> was asked since the last item was taken.</summary>
    public ChannelReader<bool> Asked => _asked.Reader;

    /// <summary>Notes that a viewer has asked for what is new of a session that is arriving.</summary>
    public void Note(SessionRef session)
    {
        lock (_lock)
        {
            var now = clock.GetTimestamp();
            var isDue = !_views.TryGet(session, out var view) || clock.GetElapsedTime(view.Shared, now) >= SharePause;
            _views.Set(session, (now, isDue ? now : view.Shared));
            if (isDue)
            {
                _toShare.Writer.TryWrite(session);
            }
        }
    }

    /// <summary>Takes what other processes have noted.</summary>
    public void Learn(IEnumerable<SessionRef> watched) => _shared = new(clock.GetTimestamp(), watched.ToHashSet());

    public bool IsWatched(SessionRef session)
    {
        _asked.Writer.TryWrite(true);
        if (_shared is { } shared && shared.Sessions.Contains(session) && clock.GetElapsedTime(shared.At) < Lasting)
        {
            return true;
        }

        lock (_lock)
        {
            return _views.TryGet(session, out var view) && clock.GetElapsedTime(view.Seen) < Lasting;
        }
    }

    private sealed record SharedViews(long At, HashSet<SessionRef> Sessions);
}
