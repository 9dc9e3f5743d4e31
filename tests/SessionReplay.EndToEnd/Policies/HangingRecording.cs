using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf;
using SessionReplay.Testing;
using SessionReplay.Wire;

namespace SessionReplay.EndToEnd.Policies;

/// <summary>
/// A recording that keeps whatever draws it busy for good: custom properties that double each other, used again by each of many elements.
/// </summary>
internal static class HangingRecording
{
    private const int Doublings = 17;
    private const int Elements = 20_000;

    private static readonly string[] Users = [
        "background", "border-image", "box-shadow", "font", "grid", "mask", "outline", "transition", "text-shadow", "transform"];

    /// <param name="session">The session's id.</param>
    /// <param name="time">When it begins, in ms since the Unix epoch.</param>
    /// <param name="isHanging">Whether the page after the first one hangs, or none does.</param>
    public static byte[] Create(Guid session, long time, bool isHanging)
    {
        var batch = new EventBatch
        {
            Version = 1,
            SessionId = ByteString.CopyFrom(session.ToByteArray(bigEndian: true)),
            WindowId = ByteString.CopyFrom(Guid.CreateVersion7().ToByteArray(bigEndian: true)),
            Seq = 0,
            RecorderVersion = "0.1.0",
            Page = new PageContext { Url = "https://shop.example/", Title = "Page", ViewportWidth = 800, ViewportHeight = 600 },
        };
        Add(batch, time, 4, new() { ["href"] = "https://shop.example/", ["width"] = 800, ["height"] = 600 });
        Add(batch, time + 1, 2, new() { ["node"] = Document(isHanging), ["initialOffset"] = new JsonObject { ["top"] = 0, ["left"] = 0 } });
        batch.Events.Add(
            new Event { Time = (ulong)time + 2, Console = new ConsoleEvent { Level = "log", Args = { "a line of the console" } } });
        batch.Events.Add(new Event { Time = (ulong)time + 3000, Custom = new CustomEvent { Name = "end", PropertiesJson = "{}" } });
        return batch.ToByteArray();
    }

    private static JsonObject Document(bool isHanging)
    {
        var css = new StringBuilder("p{color:rgb(1,2,3)}");
        if (isHanging)
        {
            css.Append("body{--0:a b c d e f g h;");
            for (var i = 1; i <= Doublings; i++)
            {
                css.Append($"--{i}:var(--{i - 1}) var(--{i - 1});");
            }

            css.Append("}i{").AppendJoin(';', Users.Select(property => $"{property}:var(--{Doublings})")).Append('}');
        }

        var children = Enumerable.Range(0, isHanging ? Elements : 0).Select(i => (JsonNode)Unlike(Element(100 + i, "i"), i));
        return new()
        {
            ["type"] = 0,
            ["id"] = 1,
            ["childNodes"] = new JsonArray(
                Element(2, "html",
                    Element(3, "head", Element(4, "style", Text(5, css.ToString()))),
                    Element(6, "body", [Element(7, "p", Text(8, "What the page showed")), .. children]))),
        };
    }

    private static JsonObject Element(int id, string tag, params JsonNode[] children) =>
        new() { ["type"] = 2, ["tagName"] = tag, ["id"] = id, ["attributes"] = new JsonObject(), ["childNodes"] = new JsonArray(children) };

    /// <summary>
    /// Browsers compute equal elements once. These share the long property with their parent, and have to use it one by one.
    /// </summary>
    private static JsonObject Unlike(JsonObject element, int number)
    {
        element["attributes"]!["style"] = $"order:{number}";
        return element;
    }

    private static JsonObject Text(int id, string text) => new() { ["type"] = 3, ["textContent"] = text, ["id"] = id };

    private static void Add(EventBatch batch, long time, int type, JsonObject data)
    {
        batch.AddDom((time, new JsonObject { ["type"] = type, ["data"] = data }.ToJsonString()));
    }
}
