using System.Diagnostics;
using System.Text.Json;
using SessionReplay.Testing;
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
            var id = Guid.ParseExact(window.GetProperty("id").GetString()!, "N");
            var records = await PlaybackStream.GetWindowAsync(http, $"{Prefix}/api/tenants/shop/sessions/{session}", id);
            batches.AddRange(records.Select(record => EventBatch.Parser.ParseFrom(record.Unpack())));
        }

        return batches;
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
