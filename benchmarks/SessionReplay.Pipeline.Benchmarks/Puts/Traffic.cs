using System.IO.Compression;
using Google.Protobuf;
using SessionReplay.LoadGenerator;
using SessionReplay.Testing;
using SessionReplay.Wire;

namespace SessionReplay.Pipeline.Benchmarks.Puts;

/// <summary>
/// What the recorders of many visitors send: each walks through recorded pages for the given time, each page's events stretched over an
/// equal share of it, cut into batches as a recorder cuts them.
/// </summary>
internal sealed class Traffic
{
    private const int MaxEvents = 100;
    private const int FullSnapshot = 2;
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(20);

    /// <summary>About 40 KB compressed.</summary>
    private const int MaxBytes = 256 * 1024;

    private static readonly byte[] TypeName = "\"type\":"u8.ToArray();

    private Traffic(IReadOnlyList<Arrival> arrivals, int sessions, long events, long eventBytes) =>
        (Arrivals, Sessions, Events, EventBytes) = (arrivals, sessions, events, eventBytes);

    /// <summary>All batches in the order in which they arrive.</summary>
    public IReadOnlyList<Arrival> Arrivals { get; }

    public int Sessions { get; }

    public long Events { get; }

    /// <summary>The batches before compression.</summary>
    public long EventBytes { get; }

    public static Traffic Create(PutsOptions options, DateTimeOffset start)
    {
        var corpus = Corpus.Read();
        var sessions = new (List<Arrival> Arrivals, long Events, long Bytes)[options.Sessions];
        Parallel.For(0, options.Sessions, number => sessions[number] = Session(number, options, corpus, start.ToUnixTimeMilliseconds()));
        return new Traffic(
            [.. sessions.SelectMany(session => session.Arrivals).OrderBy(arrival => arrival.At)],
            options.Sessions, sessions.Sum(session => session.Events), sessions.Sum(session => session.Bytes));
    }

    private static (List<Arrival> Arrivals, long Events, long Bytes) Session(
        int number, PutsOptions options, IReadOnlyList<CorpusPage> corpus, long start)
    {
        // The same in every run: only the ids are random.
        var random = new Random(number);
        var share = options.SessionTime / options.Pages;
        var began = start + (long)(random.NextDouble() * options.StartSpread.TotalMilliseconds);
        var session = Guid.CreateVersion7(DateTimeOffset.FromUnixTimeMilliseconds(began));
        var (arrivals, events, bytes) = (new List<Arrival>(), 0L, 0L);
        for (var page = 0; page < options.Pages; page++)
        {
            var recorded = corpus[(number + page) % corpus.Count];
            var window = Guid.CreateVersion7(DateTimeOffset.FromUnixTimeMilliseconds(began + (long)(share * page).TotalMilliseconds));
            uint seq = 0;
            foreach (var (items, cut) in Cut(recorded, began + (long)(share * page).TotalMilliseconds, share))
            {
                var batch = new EventBatch
                {
                    Version = 1,
                    SessionId = ByteString.CopyFrom(session.ToByteArray(bigEndian: true)),
                    WindowId = ByteString.CopyFrom(window.ToByteArray(bigEndian: true)),
                    Seq = seq,
                    RecorderVersion = "0.1.0",
                    Page = seq == 0
                        ? new PageContext { Url = recorded.Url, Title = "Synthetic", ViewportWidth = 1280, ViewportHeight = 800 }
                        : null,
                    DomEvents = new RecordedBlock(items).At(items[0].Time),
                };
                arrivals.Add(new Arrival(cut + random.Next(20, 200), session, Upload.Batch(Compress(batch))));
                events += items.Count;
                bytes += batch.CalculateSize();
                seq++;
            }
        }

        return (arrivals, events, bytes);
    }

    /// <summary>
    /// A snapshot is sent at once; else a batch is closed at 100 events, at about 40 KB, or 20 seconds after its first event.
    /// </summary>
    private static IEnumerable<(List<(long Time, byte[] Json)> Items, long Cut)> Cut(CorpusPage page, long began, TimeSpan share)
    {
        var open = new List<(long Time, byte[] Json)>();
        long first = 0;
        var recorded = Math.Max(1, page.Events[^1].Time - page.Events[0].Time);
        foreach (var item in page.Events)
        {
            var time = began + (long)((item.Time - page.Events[0].Time) / (double)recorded * (share.TotalMilliseconds - 1));
            if (open.Count > 0 && time - first >= MaxWait.TotalMilliseconds)
            {
                yield return (open, first + (long)MaxWait.TotalMilliseconds);
                open = [];
            }

            first = open.Count == 0 ? time : first;
            open.Add((time, item.Json));
            if (open.Count == MaxEvents || open.Sum(static e => e.Json.Length) >= MaxBytes || IsSnapshot(item.Json))
            {
                yield return (open, time);
                open = [];
            }
        }

        if (open.Count > 0)
        {
            // The page goes: its tail is handed over.
            yield return (open, Math.Min(first + (long)MaxWait.TotalMilliseconds, began + (long)share.TotalMilliseconds));
        }
    }

    private static bool IsSnapshot(byte[] json)
    {
        var at = json.AsSpan().IndexOf(TypeName);
        return at is >= 0 and < 4 && json[at + TypeName.Length] == '0' + FullSnapshot;
    }

    private static byte[] Compress(EventBatch batch)
    {
        using var compressed = new MemoryStream();
        // As the browser's CompressionStream does.
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal))
        {
            batch.WriteTo(gzip);
        }

        return compressed.ToArray();
    }
}
