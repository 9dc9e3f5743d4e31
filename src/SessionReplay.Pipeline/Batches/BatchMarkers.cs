using System.Text;
using SessionReplay.Catalog;
using SessionReplay.Wire;

namespace SessionReplay.Pipeline.Batches;

/// <summary>Collects the markers of a batch: at most one for each event, and of too many the rarer kinds.</summary>
internal sealed class BatchMarkers(int max)
{
    /// <summary>The greatest length of a label in bytes.</summary>
    public const int MaxLabel = 240;

    private const int MaxBytes = 65_536;

    private static readonly string[] KindNames =
    [
        "error", "rage_click", "dead_click", "identify", "custom", "gap", "network_error", "console_error", "server", "navigation",
        "performance", "click",
    ];

    private readonly List<(MarkerKind Kind, long Time, string Label)> _markers = [];
    private int _firstOfEvent;
    private int _clicks;

    public void BeginEvent() => _firstOfEvent = _markers.Count;

    public void Add(MarkerKind kind, string label)
    {
        // Of an event with several bodies the last counts, as for a protobuf reader: a batch has no more markers than events.
        if (_markers.Count > _firstOfEvent)
        {
            _markers.RemoveAt(_markers.Count - 1);
        }

        // Clicks are the ones that come in masses.
        if (kind != MarkerKind.Click || _clicks++ < max)
        {
            _markers.Add((kind, 0, DatabaseText.Truncate(label, MaxLabel)));
        }
    }

    public void EndEvent(long time)
    {
        for (var i = _firstOfEvent; i < _markers.Count; i++)
        {
            _markers[i] = _markers[i] with { Time = time };
        }
    }

    /// <summary>Builds as many as a message may have, in the order of their events.</summary>
    public IEnumerable<Marker> Build()
    {
        var bytes = 0;
        return _markers.Index().OrderBy(marker => marker.Item.Kind).Take(max)
            .TakeWhile(marker => (bytes += Encoding.UTF8.GetByteCount(marker.Item.Label)) <= MaxBytes)
            .OrderBy(marker => marker.Item.Time).ThenBy(marker => marker.Index)
            .Select(marker => new Marker
            {
                Time = (ulong)marker.Item.Time, Kind = KindNames[(int)marker.Item.Kind], Label = marker.Item.Label,
            });
    }
}
