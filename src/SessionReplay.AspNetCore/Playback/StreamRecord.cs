using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace SessionReplay.AspNetCore.Playback;

/// <summary>A record of an <c>application/x-session-replay-stream</c> (docs/http-api.md).</summary>
/// <param name="head">The head as JSON.</param>
/// <param name="body">The body.</param>
/// <param name="memory">What holds the body; disposed with the record.</param>
internal sealed class StreamRecord(byte[] head, ReadOnlyMemory<byte> body, IDisposable? memory) : IDisposable
{
    public ReadOnlyMemory<byte> Head => head;

    public ReadOnlyMemory<byte> Body => body;

    public static StreamRecord Of<T>(T head, JsonTypeInfo<T> type, ReadOnlyMemory<byte> body = default, IDisposable? memory = null) =>
        new(JsonSerializer.SerializeToUtf8Bytes(head, type), body, memory);

    /// <summary>Makes the last record of an answer.</summary>
    /// <param name="hasMore">Whether the answer ended before all that was asked for.</param>
    public static StreamRecord End(bool hasMore) => Of(new EndJson(true, hasMore), StreamJson.Default.EndJson);

    public static string EncodingOf(ChunkCompression compression) => compression == ChunkCompression.Gzip ? "gzip" : "identity";

    public void Dispose() => memory?.Dispose();
}
