using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using SessionReplay.Wire;

namespace SessionReplay.Testing;

/// <summary>Reads the streams of playback (docs/http-api.md).</summary>
public static class PlaybackStream
{
    private const string MediaType = "application/x-session-replay-stream";

    /// <summary>Names a stretch for a query.</summary>
    public static string Stretch(Guid window, uint first, uint last) =>
        string.Create(CultureInfo.InvariantCulture, $"stretch={window:N}.{first}-{last}");

    /// <summary>Reads the records of an answer, one by one as they arrive, with the last one.</summary>
    /// <exception cref="EndOfStreamException">The answer broke off.</exception>
    public static async IAsyncEnumerable<PlaybackRecord> ReadAsync(Stream answer)
    {
        PlaybackRecord record;
        do
        {
            var head = await ReadPartAsync(answer);
            record = new(JsonSerializer.Deserialize<JsonElement>(head), await ReadPartAsync(answer));
            yield return record;
        }
        while (!record.IsEnd);

        if (answer.ReadByte() >= 0)
        {
            throw new InvalidDataException("There are bytes behind the last record.");
        }
    }

    /// <summary>Asks once.</summary>
    /// <returns>All records with the last one.</returns>
    /// <exception cref="HttpRequestException">The answer is a problem.</exception>
    public static async Task<List<PlaybackRecord>> GetAsync(HttpClient http, string url)
    {
        using var answer = await http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead);
        if (!answer.IsSuccessStatusCode)
        {
            throw new HttpRequestException(
                $"{url}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}", null, answer.StatusCode);
        }

        if (answer.Content.Headers.ContentType?.MediaType != MediaType)
        {
            throw new InvalidDataException($"{url} answers {answer.Content.Headers.ContentType}.");
        }

        var records = new List<PlaybackRecord>();
        await using var content = await answer.Content.ReadAsStreamAsync();
        await foreach (var record in ReadAsync(content))
        {
            records.Add(record);
        }

        return records;
    }

    /// <summary>Reads one batch.</summary>
    /// <param name="http">The client.</param>
    /// <param name="session">The address of the session, <c>…/api/tenants/{tenant}/sessions/{id}</c>.</param>
    /// <param name="window">The window.</param>
    /// <param name="seq">The batch's number.</param>
    public static async Task<EventBatch> GetBatchAsync(HttpClient http, string session, Guid window, uint seq)
    {
        var records = await GetAsync(http, $"{session}/batches?{Stretch(window, seq, seq)}");
        return records is [{ IsEnd: false } record, { HasMore: false }] && (record.Window, record.Seq) == (window, seq)
            ? EventBatch.Parser.ParseFrom(record.Unpack())
            : throw new InvalidDataException($"{window:N} {seq} of {session}: {string.Join(' ', records.Select(r => r.Head))}");
    }

    /// <summary>Reads all batches of a window, and asks as often as it takes.</summary>
    public static async Task<List<PlaybackRecord>> GetWindowAsync(HttpClient http, string session, Guid window)
    {
        var batches = new List<PlaybackRecord>();
        bool hasMore;
        do
        {
            var next = batches.Count == 0 ? 0 : batches[^1].Seq + 1;
            var records = await GetAsync(http, $"{session}/batches?{Stretch(window, next, uint.MaxValue)}");
            hasMore = records[^1].HasMore;
            batches.AddRange(records[..^1]);
        }
        while (hasMore);

        return batches;
    }

    private static async Task<byte[]> ReadPartAsync(Stream answer)
    {
        var length = new byte[sizeof(uint)];
        await answer.ReadExactlyAsync(length);
        var part = new byte[BinaryPrimitives.ReadUInt32BigEndian(length)];
        await answer.ReadExactlyAsync(part);
        return part;
    }
}
