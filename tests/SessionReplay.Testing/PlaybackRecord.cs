using System.IO.Compression;
using System.Text.Json;

namespace SessionReplay.Testing;

/// <summary>A record of a playback answer.</summary>
/// <param name="Head">The head.</param>
/// <param name="Body">The body as it came.</param>
public sealed record PlaybackRecord(JsonElement Head, byte[] Body)
{
    public bool IsEnd => Head.TryGetProperty("end", out _);

    /// <summary>Whether the answer ended before all that was asked for; of the last record.</summary>
    public bool HasMore => IsEnd && Head.GetProperty("more").GetBoolean();

    public string? Problem => Head.TryGetProperty("problem", out var problem) ? problem.GetString() : null;

    public string? Rule => Head.TryGetProperty("rule", out var rule) ? rule.GetString() : null;

    public Guid Window => Guid.ParseExact(Head.GetProperty("window").GetString()!, "N");

    public uint Seq => Head.GetProperty("seq").GetUInt32();

    public string Asset => Head.GetProperty("asset").GetString()!;

    /// <summary>Unpacks the body, and checks that it has the length of the head.</summary>
    public byte[] Unpack()
    {
        if (Problem is not null)
        {
            throw new InvalidDataException($"The record has a problem instead of a body: {Head}");
        }

        var content = Body;
        if (Head.GetProperty("encoding").GetString() == "gzip")
        {
            using var unpacked = new MemoryStream();
            using var gzip = new GZipStream(new MemoryStream(Body), CompressionMode.Decompress);
            gzip.CopyTo(unpacked);
            content = unpacked.ToArray();
        }

        return content.Length == Head.GetProperty("length").GetInt64()
            ? content
            : throw new InvalidDataException($"The body has {content.Length} bytes unpacked, and its head says {Head}");
    }
}
