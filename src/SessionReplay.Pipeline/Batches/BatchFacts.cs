using System.Text;
using SessionReplay.Catalog;
using SessionReplay.Format;
using SessionReplay.Pipeline.Facts;
using SessionReplay.Wire;

namespace SessionReplay.Pipeline.Batches;

/// <summary>
/// What is found in a batch on the way over it: what the chunk's header says, and what the catalog and the timeline need.
/// </summary>
public sealed class BatchFacts
{
    // Bytes in UTF-8: an index of a database and a queue's message count in bytes, and a character has up to four.
    private const int MaxUrl = 2_048;
    private const int MaxTitle = 512;
    private const int MaxUserText = 1_024;
    private const int MaxTraits = 16_384;
    private const int MaxName = 256;

    private const int MaxPages = 16;
    private const int MaxNames = 32;
    private const int MaxErrorType = 64;

    private readonly long _receivedAt;
    private readonly long _clockOffset;
    private readonly BatchMarkers _markers;
    private readonly List<(long Time, string Url, string Title)> _pages = [];
    private readonly ChunkFacts _facts = new();
    private readonly VisitorActivity _activity = new();
    private int _firstPageOfEvent;
    private bool _isActivity;
    private string? _metaUrl;
    private string? _lastPage;
    private bool _navigated;

    /// <param name="maxMarkers">The greatest number of markers.</param>
    /// <param name="receivedAt">When the batch was received, on the server's clock; its events' times are clamped around it.</param>
    /// <param name="clockOffset">What is to be added to the page's times to get the server's.</param>
    internal BatchFacts(int maxMarkers, long receivedAt, long clockOffset) =>
        (_markers, _receivedAt, _clockOffset) = (new(maxMarkers), receivedAt, clockOffset);

    /// <summary>Gets the session of the batch.</summary>
    public SessionId Session { get; internal set; }

    /// <summary>Gets the window of the batch.</summary>
    public WindowId Window { get; internal set; }

    /// <summary>Gets the number of the batch within its window.</summary>
    public uint Seq { get; internal set; }

    /// <summary>Gets whether the window is closed by this batch.</summary>
    public bool IsLast { get; internal set; }

    /// <summary>Gets whether the batch has a full snapshot.</summary>
    public bool HasFullSnapshot { get; internal set; }

    /// <summary>Gets the number of events.</summary>
    public int EventCount { get; internal set; }

    /// <summary>
    /// Gets the smallest time of an event on the page's clock, ms since the Unix epoch, clamped around the time received.
    /// </summary>
    public long FirstTime { get; private set; } = long.MaxValue;

    /// <summary>
    /// Gets the greatest time of an event on the page's clock, ms since the Unix epoch, clamped around the time received.
    /// </summary>
    public long LastTime { get; private set; }

    /// <summary>Gets how many events the recorder gave up before this batch.</summary>
    public uint LostEvents { get; internal set; }

    /// <summary>Gets what names the batch within its number; 0 when its recorder gives none.</summary>
    public ulong CutId { get; internal set; }

    /// <summary>Gets the assets that the batch names.</summary>
    public IReadOnlyList<ContentHash> Assets { get; internal set; } = [];

    internal void BeginEvent()
    {
        _markers.BeginEvent();
        (_firstPageOfEvent, _isActivity) = (_pages.Count, false);
    }

    /// <summary>The event is something that the visitor did.</summary>
    internal void Active() => _isActivity = true;

    internal void EndEvent(long time)
    {
        time = Math.Max(0, EventClock.Clamp(time + _clockOffset, _receivedAt) - _clockOffset);
        FirstTime = Math.Min(FirstTime, time);
        LastTime = Math.Max(LastTime, time);
        if (_isActivity)
        {
            _activity.Add(time);
        }

        _markers.EndEvent(time);
        for (var i = _firstPageOfEvent; i < _pages.Count; i++)
        {
            _pages[i] = _pages[i] with { Time = time };
        }
    }

    internal void Page(int field, int wireType, ReadOnlySpan<byte> text, ulong number)
    {
        switch ((field, wireType))
        {
            case (PageContext.UrlFieldNumber, WireReader.Bytes):
                _facts.EntryUrl = Url(text).ToString();
                break;
            case (PageContext.TitleFieldNumber, WireReader.Bytes):
                _facts.Title = String(text, MaxTitle);
                break;
            case (PageContext.ViewportWidthFieldNumber, WireReader.Varint):
                _facts.ViewportWidth = (uint)number;
                break;
            case (PageContext.ViewportHeightFieldNumber, WireReader.Varint):
                _facts.ViewportHeight = (uint)number;
                break;
            case (PageContext.LanguageFieldNumber, WireReader.Bytes):
                _facts.Language = String(text, MaxName);
                break;
            case (PageContext.AppVersionFieldNumber, WireReader.Bytes):
                _facts.AppVersion = String(text, MaxName);
                break;
        }
    }

    internal void Navigation(ReadOnlySpan<byte> url, ReadOnlySpan<byte> title)
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

    internal void Error(ReadOnlySpan<byte> message, ReadOnlySpan<byte> name)
    {
        _facts.Errors++;
        if (_facts.ErrorTypes.Count < MaxNames && !name.IsEmpty && String(name, MaxErrorType) is var type
            && !_facts.ErrorTypes.Contains(type))
        {
            _facts.ErrorTypes.Add(type);
        }

        Mark(MarkerKind.Error, message);
    }

    internal void Console(ReadOnlySpan<byte> level, ReadOnlySpan<byte> first)
    {
        if (level.SequenceEqual("error"u8))
        {
            _facts.ConsoleErrors++;
            Mark(MarkerKind.ConsoleError, first);
        }
    }

    internal void Network(ReadOnlySpan<byte> method, ReadOnlySpan<byte> url, uint status, ReadOnlySpan<byte> error)
    {
        _facts.Requests++;
        // Without an error there was an answer that the page could not read (a beacon, an opaque one).
        if (status >= 400 || (status == 0 && error.Length > 0 && !error.SequenceEqual("aborted"u8)))
        {
            _facts.FailedRequests++;
            Mark(MarkerKind.NetworkError, $"{String(method, 16)} {Cut(Url(url).ToString(), BatchMarkers.MaxLabel - 24)} {status}");
        }
    }

    internal void Performance(ReadOnlySpan<byte> name, ReadOnlySpan<byte> rating)
    {
        if (rating.SequenceEqual("poor"u8))
        {
            Mark(MarkerKind.Performance, name);
        }
    }

    internal void Custom(ReadOnlySpan<byte> name)
    {
        Active();
        var text = String(name, MaxName);
        if (_facts.CustomEvents.Count < MaxNames && !_facts.CustomEvents.Contains(text))
        {
            _facts.CustomEvents.Add(text);
        }

        Mark(MarkerKind.Custom, text);
    }

    internal void Identify(ReadOnlySpan<byte> id, ReadOnlySpan<byte> email, ReadOnlySpan<byte> name, ReadOnlySpan<byte> traits)
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

    internal void Interaction(ReadOnlySpan<byte> type, ReadOnlySpan<byte> target, ReadOnlySpan<byte> text)
    {
        Active();
        var name = Name(String(text, BatchMarkers.MaxLabel), String(target, BatchMarkers.MaxLabel));
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

    internal void Server(ReadOnlySpan<byte> type, ReadOnlySpan<byte> message) => Mark(MarkerKind.Server, message.IsEmpty ? type : message);

    internal void Gap(ReadOnlySpan<byte> reason) => Mark(MarkerKind.Gap, reason);

    /// <param name="text">The text or label of what was clicked.</param>
    /// <param name="target">A selector of it.</param>
    internal void Click(string? text, string? target)
    {
        _facts.Clicks++;
        Mark(MarkerKind.Click, Name(text, target));
    }

    internal void Meta(ReadOnlySpan<byte> href, int width, int height)
    {
        _metaUrl ??= Url(href).ToString();
        _facts.ViewportWidth = _facts.ViewportWidth == 0 ? (uint)Math.Max(width, 0) : _facts.ViewportWidth;
        _facts.ViewportHeight = _facts.ViewportHeight == 0 ? (uint)Math.Max(height, 0) : _facts.ViewportHeight;
    }

    /// <summary>The facts as they travel; to be called once, at the end.</summary>
    internal ChunkFacts Build(IEnumerable<(string Rule, int Count)> sanitized)
    {
        // The first batch of a window is a page view: named by its navigation event, else by the page's context, else by rrweb.
        if (Seq == 0 && !_navigated && (_facts.EntryUrl.Length > 0 ? _facts.EntryUrl : _metaUrl) is { Length: > 0 } entry)
        {
            _pages.Insert(0, (FirstTime, entry, _facts.Title));
        }

        foreach (var (time, url, title) in _pages)
        {
            _facts.Pages.Add(new PageFacts { Time = (ulong)time, Url = url, Title = title });
        }

        _facts.Markers.AddRange(_markers.Build());
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

    private static string String(ReadOnlySpan<byte> text, int maxBytes) =>
        Encoding.UTF8.GetString(text[..DatabaseText.TruncateAt(text, maxBytes)]);

    private static string Cut(string text, int maxBytes) => DatabaseText.Truncate(text, maxBytes);

    private static ReducedUrl Url(ReadOnlySpan<byte> text) => ReducedUrl.Of(String(text, MaxUrl));

    private void Mark(MarkerKind kind, ReadOnlySpan<byte> label) => Mark(kind, String(label, BatchMarkers.MaxLabel));

    private void Mark(MarkerKind kind, string label) => _markers.Add(kind, label);
}
