using System.Globalization;
using System.Text.Json.Nodes;
using Google.Protobuf;
using SessionReplay.Testing;
using SessionReplay.Wire;

namespace SessionReplay.EndToEnd;

/// <summary>A recording of one page whose text changes with every batch; a test leaves batches out of it or damages them.</summary>
/// <param name="host">The host.</param>
/// <param name="batchMs">Milliseconds from one batch to the next.</param>
/// <param name="ago">How long ago it began.</param>
internal sealed class MadeUpRecording(ReferenceHost host, int batchMs = 1_000, TimeSpan ago = default)
{
    private readonly Guid _session = Guid.CreateVersion7();
    private readonly Guid _window = Guid.CreateVersion7();
    private readonly long _start = (TimeProvider.System.GetUtcNow() - ago).ToUnixTimeMilliseconds();

    public string Session => _session.ToString("N");

    /// <summary>Sends a batch and waits until the catalog has it.</summary>
    public async Task SendAsync(int seq, bool snapshot)
    {
        using var content = new ByteArrayContent(Upload.Batch(Create(seq, snapshot)));
        content.Headers.ContentType = new("text/plain");
        using var answer = await host.Http.PostAsync($"{ReplayApi.Prefix}/v1/batches?key=fjord-and-field-web", content);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        var api = new ReplayApi(host.Http);
        for (var i = 0; i < 900; i++)
        {
            using var manifest = await api.SendAsync(HttpMethod.Get, $"tenants/shop/sessions/{Session}/manifest");
            if (manifest.IsSuccessStatusCode
                && (await manifest.Content.ReadAsStringAsync()).Contains($"\"seq\":{seq},", StringComparison.Ordinal))
            {
                return;
            }

            await Task.Delay(100);
        }

        throw new TimeoutException($"Batch {seq} did not arrive.\n{host.Output}");
    }

    /// <summary>Damages the chunk that was recorded last, as a failing disk would.</summary>
    public Task DamageLastChunkAsync() => CatalogFile.RunAsync(
        host, $"""
        UPDATE chunk_bodies SET body = zeroblob(length(body)) WHERE chunk_id = (
            SELECT MAX(c.id) FROM chunks c JOIN sessions s ON s.id = c.session_id WHERE s.session = x'{Session}')
        """);

    private byte[] Create(int seq, bool snapshot)
    {
        var time = _start + ((long)seq * batchMs);
        var batch = new EventBatch
        {
            Version = 1,
            SessionId = ByteString.CopyFrom(_session.ToByteArray(bigEndian: true)),
            WindowId = ByteString.CopyFrom(_window.ToByteArray(bigEndian: true)),
            Seq = (uint)seq,
            RecorderVersion = "0.1.0",
            Page = new PageContext { Url = host.Url + "/made-up", Title = "Made up", ViewportWidth = 800, ViewportHeight = 600 },
        };
        var text = string.Create(CultureInfo.InvariantCulture, $"moment {seq}");
        Add(batch, time, 3,
            new JsonObject { ["source"] = 1,
                ["positions"] = new JsonArray(new JsonObject { ["x"] = 5, ["y"] = 5, ["id"] = 5, ["timeOffset"] = 0 }) });
        if (snapshot)
        {
            Add(batch, time + 10, 4, new JsonObject { ["href"] = host.Url + "/made-up", ["width"] = 800, ["height"] = 600 });
            Add(batch, time + 10, 2,
                new JsonObject { ["node"] = Document(text), ["initialOffset"] = new JsonObject { ["top"] = 0, ["left"] = 0 } });
        }
        else
        {
            var texts = new JsonArray(new JsonObject { ["id"] = 6, ["value"] = text });
            Add(batch, time + 10, 3,
                new JsonObject { ["source"] = 0, ["texts"] = texts, ["attributes"] = new JsonArray(), ["removes"] = new JsonArray(),
                    ["adds"] = new JsonArray() });
        }

        return batch.ToByteArray();
    }

    private static JsonObject Document(string text) => new()
    {
        ["type"] = 0,
        ["id"] = 1,
        ["childNodes"] = new JsonArray(
            Element(2, "html", Element(3, "head"),
                Element(4, "body", Element(5, "p", new JsonObject { ["type"] = 3, ["textContent"] = text, ["id"] = 6 })))),
    };

    private static JsonObject Element(int id, string tag, params JsonNode[] children) =>
        new() { ["type"] = 2, ["tagName"] = tag, ["id"] = id, ["attributes"] = new JsonObject(), ["childNodes"] = new JsonArray(children) };

    private static void Add(EventBatch batch, long time, int type, JsonObject data)
    {
        batch.AddDom((time, new JsonObject { ["type"] = type, ["data"] = data }.ToJsonString()));
    }
}
