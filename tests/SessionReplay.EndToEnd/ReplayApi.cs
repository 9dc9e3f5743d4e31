using System.Diagnostics;
using System.Net;
using System.Text.Json;
using SessionReplay.Wire;

namespace SessionReplay.EndToEnd;

/// <summary>The playback endpoints, as a viewer's program would call them.</summary>
internal sealed class ReplayApi(HttpClient http)
{
    public const string Prefix = "/session-replay";

    public Task<JsonElement> GetAsync(string path) => GetJsonAsync($"{Prefix}/api/{path}");

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path) =>
        http.SendAsync(new HttpRequestMessage(method, $"{Prefix}/api/{path}"));

    /// <summary>Waits until a search finds a session that a condition holds for.</summary>
    public async Task<JsonElement> WaitForSessionAsync(string query, Func<JsonElement, bool> condition, string what)
    {
        var clock = Stopwatch.StartNew();
        var last = default(JsonElement);
        while (clock.Elapsed < TimeSpan.FromSeconds(90))
        {
            last = await GetAsync($"sessions?{query}");
            foreach (var session in last.GetProperty("sessions").EnumerateArray())
            {
                if (condition(session))
                {
                    return session.Clone();
                }
            }

            await Task.Delay(250);
        }

        throw new TimeoutException($"No session for '{query}' with {what}; the last answer was {last}");
    }

    /// <summary>Reads all batches of a session, opened and unpacked, as the server serves them.</summary>
    public async Task<List<EventBatch>> ReadBatchesAsync(string session)
    {
        var manifest = await GetAsync($"tenants/shop/sessions/{session}/manifest");
        var batches = new List<EventBatch>();
        foreach (var window in manifest.GetProperty("windows").EnumerateArray())
        {
            foreach (var chunk in window.GetProperty("chunks").EnumerateArray())
            {
                batches.Add(
                    EventBatch.Parser.ParseFrom(
                        await ReadChunkAsync(session, window.GetProperty("id").GetString()!, chunk.GetProperty("seq").GetInt32())));
            }
        }

        return batches;
    }

    private async Task<byte[]> ReadChunkAsync(string session, string window, int seq)
    {
        using var handler = new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.GZip };
        using var client = new HttpClient(handler) { BaseAddress = http.BaseAddress };
        return await client.GetByteArrayAsync($"{Prefix}/api/tenants/shop/sessions/{session}/chunks/{window}/{seq}");
    }

    private async Task<JsonElement> GetJsonAsync(string path)
    {
        using var answer = await http.GetAsync(path);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode
            ? JsonSerializer.Deserialize<JsonElement>(text)
            : throw new HttpRequestException($"{path}: {(int)answer.StatusCode} {text}", null, answer.StatusCode);
    }
}
