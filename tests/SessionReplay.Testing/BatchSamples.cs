using System.IO.Compression;
using System.Text;
using Google.Protobuf;
using SessionReplay.Wire;

namespace SessionReplay.Testing;

/// <summary>Batches to send.</summary>
public static class BatchSamples
{
    public const long Time = 1_790_000_000_000;

    public static SessionId NewSession() => SessionId.Create(TimeProvider.System);

    public static EventBatch Create(SessionId session, WindowId window, uint seq = 0, int domEvents = 3)
    {
        var batch = new EventBatch
        {
            Version = 1,
            SessionId = Bytes(session),
            WindowId = Bytes(window),
            Seq = seq,
            RecorderVersion = "0.1.0",
            Page = new PageContext { Url = "https://shop.example/cart?item=3", Title = "Cart", ViewportWidth = 1280, ViewportHeight = 720,
                Language = "en" },
        };
        return batch.AddDom([.. Enumerable.Range(0, domEvents).Select(
            i => (Time + i, $$"""{"type":3,"data":{"source":2,"type":2,"id":{{i + 7}},"x":10,"y":20} }"""))]);
    }

    public static EventBatch Create(uint seq = 0) => Create(NewSession(), WindowId.Create(TimeProvider.System), seq);

    /// <summary>A batch with every kind of event.</summary>
    public static EventBatch CreateFull()
    {
        var batch = Create();
        batch.LostEvents = 2;
        batch.Last = true;
        batch.AddDom((Time + 10,
            """{"type":2,"data":{"node":{"type":0,"childNodes":[{"type":2,"tagName":"p","attributes":{"class":"a"},"childNodes":[{"type":3,"textContent":"Ordér\n\"12\"","id":4}],"id":3}],"id":1},"initialOffset":{"left":0,"top":0}}}"""));
        batch.Events.Add(
            new Event { Time = Time + 11, Console = new ConsoleEvent { Level = "error", Args = { "boom", "{\"a\":1}" }, Stack = "at x" } });
        batch.Events.Add(new Event
        {
            Time = Time + 12,
            Network = new NetworkEvent
            {
                Method = "GET", Url = "https://shop.example/api/items?page=2", Status = 503, Initiator = "fetch", Duration = 12.5,
                RequestHeaders = { new Header { Name = "accept", Value = "*/*" } }, ResponseBody = "{\"ok\":false}",
            },
        });
        batch.Events.Add(
            new Event { Time = Time + 13,
                Navigation = new NavigationEvent { Url = "https://shop.example/checkout", Title = "Checkout", Type = "push" } });
        batch.Events.Add(
            new Event { Time = Time + 14, Error = new ErrorEvent { Message = "x is undefined", Name = "TypeError", Line = 3 } });
        batch.Events.Add(
            new Event { Time = Time + 15, Performance = new PerformanceEvent { Name = "LCP", Value = 5200, Rating = "poor" } });
        batch.Events.Add(
            new Event { Time = Time + 16, Custom = new CustomEvent { Name = "checkout", PropertiesJson = "{\"total\":12.5}" } });
        batch.Events.Add(
            new Event { Time = Time + 17,
                Identify = new IdentifyEvent { UserId = "u-1", Email = "ann@shop.example", Name = "Ann",
                    TraitsJson = "{\"plan\":\"pro\"}" } });
        batch.Events.Add(
            new Event { Time = Time + 18, Interaction = new InteractionEvent { Type = "rage_click", Target = "button.buy", Count = 5 } });
        batch.Events.Add(
            new Event { Time = Time + 19, Server = new ServerEvent { Type = "exception", Message = "Timeout", DetailJson = "{}" } });
        batch.Events.Add(new Event { Time = Time + 20, Gap = new GapEvent { Reason = "idle", From = 1, To = 2 } });
        return batch;
    }

    /// <summary>Names a batch.</summary>
    public static EventBatch In(this EventBatch batch, SessionId session, WindowId window)
    {
        (batch.SessionId, batch.WindowId) = (Bytes(session), Bytes(window));
        return batch;
    }

    public static byte[] Gzip(byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Optimal))
        {
            gzip.Write(bytes);
        }

        return stream.ToArray();
    }

    public static byte[] Gunzip(byte[] bytes)
    {
        using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var stream = new MemoryStream();
        gzip.CopyTo(stream);
        return stream.ToArray();
    }

    public static ByteString Bytes(SessionId id)
    {
        var bytes = new byte[16];
        id.Write(bytes);
        return ByteString.CopyFrom(bytes);
    }

    public static ByteString Bytes(WindowId id)
    {
        var bytes = new byte[16];
        id.Write(bytes);
        return ByteString.CopyFrom(bytes);
    }

    public static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
