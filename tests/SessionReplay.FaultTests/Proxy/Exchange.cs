using System.Text;

namespace SessionReplay.FaultTests.Proxy;

/// <summary>A request that the peer has answered.</summary>
/// <param name="Request">The first line of the request, for instance <c>PUT /recordings/key HTTP/1.1</c>; of another protocol than HTTP it
/// is of no meaning.</param>
/// <param name="Status">The status of the answer, or 0 where it is not HTTP.</param>
internal sealed record Exchange(string Request, int Status)
{
    /// <summary>Whether something was stored.</summary>
    public bool IsPut => Status is >= 200 and < 300 && Request.StartsWith("PUT ", StringComparison.Ordinal);

    /// <summary>Whether something was read.</summary>
    public bool IsGet => Request.StartsWith("GET ", StringComparison.Ordinal);

    /// <summary>The key of the object that a request to an S3 by path names.</summary>
    public string ObjectKey => Uri.UnescapeDataString(Request.Split(' ')[1].Split('?')[0].TrimStart('/').Split('/', 2)[^1]);

    /// <summary>Reads the first line of a message.</summary>
    public static string FirstLine(ReadOnlySpan<byte> message)
    {
        var end = message.IndexOf((byte)'\r');
        return Encoding.Latin1.GetString(message[..Math.Min(end < 0 ? message.Length : end, 2048)]);
    }

    /// <summary>Reads the status of an answer.</summary>
    public static int StatusOf(ReadOnlySpan<byte> message)
    {
        var line = FirstLine(message);
        return line.StartsWith("HTTP/1.", StringComparison.Ordinal) && line.Length >= 12 && int.TryParse(line.AsSpan(9, 3), out var status)
            ? status
            : 0;
    }
}
