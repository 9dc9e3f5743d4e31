using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using SessionReplay.Testing;
using SessionReplay.Wire;

namespace SessionReplay.Pipeline.Benchmarks;

/// <summary>Batches made from recorded sessions of real pages (benchmarks/corpus), and one of typed events.</summary>
internal static class SampleBatches
{
    /// <summary>The first 100 events of a page: its full snapshot and what follows.</summary>
    public static byte[] FirstOfPage() => FromCorpus(0);

    /// <summary>100 events of a page in use: pointer, scrolling, input, small mutations.</summary>
    public static byte[] LaterOfPage() => FromCorpus(40);

    /// <summary>100 console, network, navigation and custom events.</summary>
    public static byte[] Typed()
    {
        var batch = Create();
        for (var i = 0; i < 100; i++)
        {
            var item = new Event { Time = 1_790_000_000_000 + (ulong)i };
            switch (i % 4)
            {
                case 0:
                    item.Console = new ConsoleEvent { Level = "info",
                        Args = { $"Loaded {i} items in {i * 3} ms", "{\"page\":2,\"sort\":\"price\",\"took\":12.5}" } };
                    break;
                case 1:
                    item.Network = new NetworkEvent
                    {
                        Method = "GET", Url = $"https://shop.example/api/items?page={i}&sort=price", Status = 200, Initiator = "fetch",
                        Duration = 31.5, ResponseSize = 5120,
                        RequestHeaders = { new Header { Name = "accept", Value = "application/json" } },
                        ResponseBody = "{\"items\":[{\"id\":1234567,\"name\":\"Tent for two\",\"price\":129.95}],\"total\":1}",
                    };
                    break;
                case 2:
                    item.Navigation = new NavigationEvent { Url = $"https://shop.example/category/tents?page={i}",
                        Title = "Tents for two and more", Type = "push" };
                    break;
                default:
                    item.Custom = new CustomEvent { Name = "item viewed",
                        PropertiesJson = "{\"sku\":\"TNT-2041\",\"price\":129.95,\"currency\":\"EUR\"}" };
                    break;
            }

            batch.Events.Add(item);
        }

        return batch.ToByteArray();
    }

    private static byte[] FromCorpus(int skip)
    {
        using var file = File.OpenRead(Path.Combine(Root(), "benchmarks", "corpus", "material.json.gz"));
        using var gzip = new GZipStream(file, CompressionMode.Decompress);
        using var json = JsonDocument.Parse(gzip);
        var events = new List<(long Time, byte[] Json)>();
        foreach (var window in json.RootElement.GetProperty("windows").EnumerateArray())
        {
            // Wherever a page's first events are left out, its snapshot is.
            foreach (var item in window.GetProperty("events").EnumerateArray().Skip(skip)
                .Where(item => skip == 0 || item.GetProperty("type").GetInt32() == 3))
            {
                events.Add((item.GetProperty("timestamp").GetInt64(), Encoding.UTF8.GetBytes(item.GetRawText())));
                if (events.Count == 100)
                {
                    var batch = Create();
                    batch.DomEvents = new RecordedBlock(events).At(events[0].Time);
                    return batch.ToByteArray();
                }
            }
        }

        throw new InvalidOperationException("The corpus has fewer events.");
    }

    private static EventBatch Create() => new()
    {
        Version = 1,
        SessionId = ByteString.CopyFrom(Guid.CreateVersion7().ToByteArray(bigEndian: true)),
        WindowId = ByteString.CopyFrom(Guid.CreateVersion7().ToByteArray(bigEndian: true)),
        RecorderVersion = "0.1.0",
        Page = new PageContext { Url = "https://shop.example/", Title = "Shop", ViewportWidth = 1280, ViewportHeight = 720 },
    };

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "SessionReplay.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("Run the benchmarks within the source tree.");
        }

        return folder.FullName;
    }
}
