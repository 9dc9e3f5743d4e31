using System.Text;
using SessionReplay.AspNetCore.Facts;
using SessionReplay.Catalog;
using SessionReplay.Format;
using SessionReplay.Wire;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>What is found in a batch on the way over it: what the chunk's header says, and what the catalog and the timeline need.</summary>
/// <param name="maxMarkers">The greatest number of markers.</param>
/// <param name="receivedAt">When the batch was received, on the server's clock; its events' times are clamped around it.</param>
/// <param name="clockOffset">What is to be added to the page's times to get the server's.</param>
internal sealed class BatchFacts(int maxMarkers, long receivedAt, long clockOffset)
{
    // Bytes in UTF-8: an index of a database and a queue's message count in bytes, and a character has up to four.
    private const int MaxUrl = 2_048;
    private const int MaxTitle = 512;
    private const int MaxLabel = 240;
    private const int MaxUserText = 1_024;
    private const int MaxTraits = 16_384;
    private const int MaxName = 256;
    private const int MaxMarkerBytes = 65_536;

    private const int MaxPages = 16;
    private const int MaxNames = 32;
    private const int MaxErrorType = 64;

    private static readonly string[] KindNames =
    [
        "error", "rage_click", "dead_click", "identify", "custom", "gap", "network_error", "console_error", "server", "navigation", "performance", "click",
    ];

    private readonly List<(MarkerKind Kind, long Time, string Label)> _markers = [];
    private readonly List<(long Time, string Url, string Title)> _pages = [];
    private readonly ChunkFacts _facts = new();
    private readonly VisitorActivity _activity = new();
    private int _firstMarkerOfEvent;
    private int _firstPageOfEvent;
    private int _markersTaken;
    private bool _isActivity;
    private string? _metaUrl;
    private string? _lastPage;
    private bool _navigated;

    public SessionId Session { get; set; }

    public WindowId Window { get; set; }

    public uint Seq { get; set; }

    public bool IsLast { get; set; }

    public bool HasFullSnapshot { get; set; }

    public int EventCount { get; set; }

    public long FirstTime { get; private set; } = long.MaxValue;

    public long LastTime { get; private set; }

    public uint LostEvents { get; set; }

    /// <summary>What names the batch within its number; 0 when its recorder gives none.</summary>
    public ulong CutId { get; set; }

    /// <summary>The assets that the batch names.</summary>
    public IReadOnlyList<ContentHash> Assets { get; set; } = [];

    public void BeginEvent() => (_firstMarkerOfEvent, _firstPageOfEvent, _isActivity) = (_markers.Count, _pages.Count, false);

    /// <summary>The event is something that the visitor did.</summary>
    public void Active() => _isActivity = true;

    public void EndEvent(long time)
    {
        time = Math.Max(0, EventClock.Clamp(time + clockOffset, receivedAt) - clockOffset);
        FirstTime = Math.Min(FirstTime, time);
        LastTime = Math.Max(LastTime, time);
        if (_isActivity)
        {
            _activity.Add(time);
        }

        for (var i = _firstMarkerOfEvent; i < _markers.Count; i++)
        {
            _markers[i] = _markers[i] with { Time = time };
        }

        for (var i = _firstPageOfEvent; i < _pages.Count; i++)
        {
            _pages[i] = _pages[i] with { Time = time };
        }
    }

    public void Page(int field, int wireType, ReadOnlySpan<byte> text, ulong number)
    {
        switch ((field, wireType))
        {
            case (1, WireReader.Bytes):
                _facts.EntryUrl = Url(text).ToString();
                break;
            case (2, WireReader.Bytes):
                _facts.Title = String(text, MaxTitle);
                break;
            case (4, WireReader.Varint):
                _facts.ViewportWidth = (uint)number;
                break;
            case (5, WireReader.Varint):
                _facts.ViewportHeight = (uint)number;
                break;
            case (9, WireReader.Bytes):
                _facts.Language = String(text, MaxName);
                break;
            case (11, WireReader.Bytes):
                _facts.AppVersion = String(text, MaxName);
                break;
        }
    }

    public void Navigation(ReadOnlySpan<byte> url, ReadOnlySpan<byte> title)
    {
        _navigated = true;
        Active();
        var text = String(url, MaxUrl);
        var reduced = ReducedUrl.Of(text).ToString();
        // Compared as they came: two products may have one reduced URL.
        if (_lastPage != text && _pages.Count < MaxPages)
        {
            _pages.Add((0, reduced, String(title, MaxTitle)));
            _lastPage = text;
        }

        Mark(MarkerKind.Navigation, reduced);
    }

    public void Error(ReadOnlySpan<byte> message, ReadOnlySpan<byte> name)
    {
        _facts.Errors++;
        if (_facts.ErrorTypes.Count < MaxNames && !name.IsEmpty && String(name, MaxErrorType) is var type && !_facts.ErrorTypes.Contains(type))
        {
            _facts.ErrorTypes.Add(type);
        }

        Mark(MarkerKind.Error, message);
    }

    public void Console(ReadOnlySpan<byte> level, ReadOnlySpan<byte> first)
    {
        if (level.SequenceEqual("error"u8))
        {
            _facts.ConsoleErrors++;
            Mark(MarkerKind.ConsoleError, first);
        }
    }

    public void Network(ReadOnlySpan<byte> method, ReadOnlySpan<byte> url, uint status, ReadOnlySpan<byte> error)
    {
        _facts.Requests++;
        // Without an error there was an answer that the page could not read (a beacon, an opaque one).
        if (status >= 400 || (status == 0 && error.Length > 0 && !error.SequenceEqual("aborted"u8)))
        {
            _facts.FailedRequests++;
            Mark(MarkerKind.NetworkError, $"{String(method, 16)} {Cut(Url(url).ToString(), MaxLabel - 24)} {status}");
        }
    }

    public void Performance(ReadOnlySpan<byte> name, ReadOnlySpan<byte> rating)
    {
        if (rating.SequenceEqual("poor"u8))
        {
            Mark(MarkerKind.Performance, name);
        }
    }

    public void Custom(ReadOnlySpan<byte> name)
    {
        Active();
        var text = String(name, MaxName);
        if (_facts.CustomEvents.Count < MaxNames && !_facts.CustomEvents.Contains(text))
        {
            _facts.CustomEvents.Add(text);
        }

        Mark(MarkerKind.Custom, text);
    }

    public void Identify(ReadOnlySpan<byte> id, ReadOnlySpan<byte> email, ReadOnlySpan<byte> name, ReadOnlySpan<byte> traits)
    {
        _facts.User = new UserFacts
        {
            Id = String(id, MaxUserText),
            Email = String(email, MaxUserText),
            Name = String(name, MaxUserText),

            // Greater ones stay in the recording alone: a cut JSON is none.
            TraitsJson = traits.Length > MaxTraits ? string.Empty : String(traits, MaxTraits),
        };
        Mark(MarkerKind.Identify, name.IsEmpty ? id : name);
    }

    public void Interaction(ReadOnlySpan<byte> type, ReadOnlySpan<byte> target, ReadOnlySpan<byte> text)
    {
        Active();
        var name = Name(String(text, MaxLabel), String(target, MaxLabel));
        if (type.SequenceEqual("rage_click"u8))
        {
            _facts.RageClicks++;
            Mark(MarkerKind.RageClick, name);
        }
        else if (type.SequenceEqual("dead_click"u8))
        {
            Mark(MarkerKind.DeadClick, name);
        }
    }

    public void Server(ReadOnlySpan<byte> type, ReadOnlySpan<byte> message) => Mark(MarkerKind.Server, message.IsEmpty ? type : message);

    public void Gap(ReadOnlySpan<byte> reason) => Mark(MarkerKind.Gap, reason);

    /// <param name="text">The text or label of what was clicked.</param>
    /// <param name="target">A selector of it.</param>
    public void Click(string? text, string? target)
    {
        _facts.Clicks++;
        Mark(MarkerKind.Click, Name(text, target));
    }

    public void Meta(ReadOnlySpan<byte> href, int width, int height)
    {
        _metaUrl ??= Url(href).ToString();
        _facts.ViewportWidth = _facts.ViewportWidth == 0 ? (uint)Math.Max(width, 0) : _facts.ViewportWidth;
        _facts.ViewportHeight = _facts.ViewportHeight == 0 ? (uint)Math.Max(height, 0) : _facts.ViewportHeight;
    }

    /// <summary>The facts as they travel; to be called once, at the end.</summary>
    public ChunkFacts Build(IEnumerable<(string Rule, int Count)> sanitized)
    {
        // The first batch of a window is a page view, told by its navigation event, else by the page's context, else by rrweb.
        if (Seq == 0 && !_navigated && (_facts.EntryUrl.Length > 0 ? _facts.EntryUrl : _metaUrl) is { Length: > 0 } entry)
        {
            _pages.Insert(0, (FirstTime, entry, _facts.Title));
        }

        foreach (var (time, url, title) in _pages)
        {
            _facts.Pages.Add(new PageFacts { Time = (ulong)time, Url = url, Title = title });
        }

        foreach (var (kind, time, label) in TakeMarkers())
        {
            _facts.Markers.Add(new Marker { Time = (ulong)time, Kind = KindNames[(int)kind], Label = label });
        }

        foreach (var (rule, count) in sanitized)
        {
            _facts.Sanitized[rule] = (uint)count;
        }

        _facts.Activity = _activity.Build(FirstTime);
        _facts.LostEvents = LostEvents;
        return _facts;
    }

    private static string Name(string? text, string? target) =>
        string.IsNullOrEmpty(text) ? target ?? string.Empty : string.IsNullOrEmpty(target) ? text : $"{text} · {target}";

    /// <summary>As many as may travel, the rarer kinds first.</summary>
    private IEnumerable<(MarkerKind Kind, long Time, string Label)> TakeMarkers()
    {
        var bytes = 0;
        return _markers.Index().OrderBy(marker => marker.Item.Kind).Take(maxMarkers)
            .TakeWhile(marker => (bytes += Encoding.UTF8.GetByteCount(marker.Item.Label)) <= MaxMarkerBytes)
            .OrderBy(marker => marker.Index).Select(marker => marker.Item);
    }

    private static string String(ReadOnlySpan<byte> text, int maxBytes) => Encoding.UTF8.GetString(text[..StoredText.CutAt(text, maxBytes)]);

    private static string Cut(string text, int maxBytes) => StoredText.Cut(text, maxBytes);

    private static ReducedUrl Url(ReadOnlySpan<byte> text) => ReducedUrl.Of(String(text, MaxUrl));

    private void Mark(MarkerKind kind, ReadOnlySpan<byte> label) => Mark(kind, String(label, MaxLabel));

    private void Mark(MarkerKind kind, string label)
    {
        // Of an event with several bodies the last counts, as for a protobuf reader: a batch has no more markers than events.
        if (_markers.Count > _firstMarkerOfEvent)
        {
            _markers.RemoveAt(_markers.Count - 1);
        }

        // Clicks are the ones that come in masses.
        if (kind != MarkerKind.Click || _markersTaken++ < maxMarkers)
        {
            _markers.Add((kind, 0, StoredText.Cut(label, MaxLabel)));
        }
    }
}
