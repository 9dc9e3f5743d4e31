using System.Globalization;
using System.Text;

namespace SessionReplay.LoadGenerator;

/// <summary>One rrweb event as JSON, and its time in milliseconds since the Unix epoch.</summary>
public sealed record CorpusEvent(long Time, byte[] Json)
{
    /// <summary>Gives the event's JSON with another time in it.</summary>
    public byte[] At(long time)
    {
        var old = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\"timestamp\":{Time}"));
        var at = Json.AsSpan().LastIndexOf(old);
        return at < 0
            ? Json
            : [.. Json.AsSpan(0, at), .. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\"timestamp\":{time}")), .. Json.AsSpan(at + old.Length)];
    }
}
