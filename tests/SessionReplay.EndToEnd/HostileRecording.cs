using System.Text.Json.Nodes;
using Google.Protobuf;
using SessionReplay.Testing;
using SessionReplay.Wire;

namespace SessionReplay.EndToEnd;

/// <summary>A recording as an attacker would send it: whoever plays it must run none of it and fetch none of it.</summary>
internal static class HostileRecording
{
    /// <summary>Part of each address of the own origin that a harmful element asks for.</summary>
    public const string Beacon = "hostile-beacon";

    private const string Payload = "try{top.hostile=1}catch(e){};window.hostile=1;fetch('/" + Beacon + "?script');alert('" + Beacon + "')";

    public static byte[] Create(Guid session, Guid window, long time, string pageUrl, string attacker)
    {
        var batch = new EventBatch
        {
            Version = 1,
            SessionId = ByteString.CopyFrom(session.ToByteArray(bigEndian: true)),
            WindowId = ByteString.CopyFrom(window.ToByteArray(bigEndian: true)),
            Seq = 0,
            RecorderVersion = "0.1.0",
            Page = new PageContext { Url = pageUrl, Title = "<img src=x onerror=alert(1)>", ViewportWidth = 800, ViewportHeight = 600 },
        };
        Add(batch, time, 4, new JsonObject { ["href"] = pageUrl, ["width"] = 800, ["height"] = 600 });
        Add(batch, time + 10, 2,
            new JsonObject { ["node"] = Document(attacker), ["initialOffset"] = new JsonObject { ["top"] = 0, ["left"] = 0 } });
        Add(batch, time + 500, 3, new JsonObject
        {
            ["source"] = 0,
            ["texts"] = new JsonArray(),
            ["removes"] = new JsonArray(),
            ["adds"] = new JsonArray(
                new JsonObject { ["parentId"] = 5, ["nextId"] = null, ["node"] = Element(60, "script", [], Text(61, Payload)) },
                new JsonObject { ["parentId"] = 5, ["nextId"] = null,
                    ["node"] = Element(62, "img", new() { ["src"] = "/" + Beacon + "?late", ["onerror"] = Payload }) }),
            ["attributes"] = new JsonArray(
                new JsonObject { ["id"] = 10,
                    ["attributes"] = new JsonObject { ["onclick"] = Payload, ["onmouseover"] = Payload,
                        ["style"] = "background:url(/" + Beacon + "?style)" } }),
        });
        batch.Events.Add(
            new Event { Time = (ulong)time + 700,
                Console = new ConsoleEvent { Level = "error", Args = { "<img src=x onerror=\"" + Payload + "\">" } } });
        batch.Events.Add(
            new Event { Time = (ulong)time + 800,
                Navigation = new NavigationEvent { Url = "javascript:" + Payload, Title = "<script>" + Payload + "</script>",
                    Type = "push" } });
        batch.Events.Add(
            new Event { Time = (ulong)time + 900,
                Identify = new IdentifyEvent { UserId = "hostile", Name = "<img src=x onerror=\"" + Payload + "\">" } });
        Add(batch, time + 2000, 3, new JsonObject { ["source"] = 3, ["id"] = 1, ["x"] = 0, ["y"] = 0 });
        return batch.ToByteArray();
    }

    private static JsonObject Document(string attacker) => new()
    {
        ["type"] = 0,
        ["id"] = 1,
        ["childNodes"] = new JsonArray(
            new JsonObject { ["type"] = 1, ["name"] = "html", ["publicId"] = "", ["systemId"] = "", ["id"] = 2 },
            Element(3, "html", [], Head(attacker), Body(attacker))),
    };

    private static JsonObject Head(string attacker) => Element(
        4,
        "head",
        [],
        Element(20, "script", [], Text(21, Payload)),
        Element(22, "script", new() { ["src"] = "/" + Beacon + "?src" }),
        Element(23, "meta", new() { ["http-equiv"] = "refresh", ["content"] = "0;url=javascript:" + Payload }),
        Element(24, "base", new() { ["href"] = attacker + "/" }),
        Element(25, "link", new() { ["rel"] = "stylesheet", ["href"] = attacker + "/a.css" }),
        Element(26, "link", new() { ["rel"] = "modulepreload", ["href"] = "/" + Beacon + "?module" }),
        Element(27, "style", [],
            Text(19, "@import url(" + attacker + "/b.css); body{background:url(" + attacker + "/c.png)}")));

    private static JsonObject Body(string attacker) => Element(
        5,
        "body",
        new() { ["onload"] = Payload },
        Element(10, "p", new() { ["id"] = "harmless" }, Text(11, "What the page showed")),
        Element(30, "img", new() { ["src"] = attacker + "/d.png", ["onerror"] = Payload }),
        Element(29, "iframe", new() { ["src"] = attacker + "/e.html" }),
        Element(28, "video", new() { ["poster"] = attacker + "/f.png", ["src"] = attacker + "/g.mp4" }),
        Element(31, "svg", new() { ["onload"] = Payload, ["isSVG"] = true },
            Element(32, "script", new() { ["isSVG"] = true }, Text(33, Payload))),
        Element(34, "iframe", new() { ["srcdoc"] = "<script>" + Payload + "</script>" }),
        Element(35, "iframe", new() { ["src"] = "javascript:" + Payload }),
        Element(36, "object", new() { ["data"] = "javascript:" + Payload }),
        Element(37, "embed", new() { ["src"] = "/" + Beacon + "?embed" }),
        Element(38, "a", new() { ["href"] = "javascript:" + Payload, ["id"] = "trap" }, Text(39, "click me")),
        Element(40, "form", new() { ["action"] = "javascript:" + Payload },
            Element(41, "button", new() { ["formaction"] = "javascript:" + Payload }, Text(42, "send"))),
        Element(43, "video", new() { ["src"] = "/" + Beacon + "?video", ["onerror"] = Payload, ["autoplay"] = true }),
        Element(44, "input", new() { ["autofocus"] = true, ["onfocus"] = Payload }),
        Element(45, "details", new() { ["open"] = true, ["ontoggle"] = Payload }, Text(46, "details")));

    private static JsonObject Element(int id, string tag, JsonObject attributes, params JsonNode[] children)
    {
        var element = new JsonObject { ["type"] = 2, ["tagName"] = tag, ["id"] = id };
        if (attributes.Remove("isSVG"))
        {
            element["isSVG"] = true;
        }

        element["attributes"] = attributes;
        element["childNodes"] = new JsonArray(children);
        return element;
    }

    private static JsonObject Text(int id, string text) => new() { ["type"] = 3, ["textContent"] = text, ["id"] = id };

    private static void Add(EventBatch batch, long time, int type, JsonObject data)
    {
        batch.AddDom((time, new JsonObject { ["type"] = type, ["data"] = data }.ToJsonString()));
    }
}
