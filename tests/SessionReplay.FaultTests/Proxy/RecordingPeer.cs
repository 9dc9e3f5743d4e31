using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SessionReplay.FaultTests.Proxy;

/// <summary>
/// A peer that takes HTTP requests with a length and answers each with 200 when it has it whole; it keeps how much of each came.
/// </summary>
internal sealed class RecordingPeer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public RecordingPeer()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The bytes of every request's body that arrived, whole or not.</summary>
    public ConcurrentQueue<int> Bodies { get; } = new();

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                _ = ServeAsync(await _listener.AcceptSocketAsync());
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var stream = new NetworkStream(socket, ownsSocket: true);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        while (await HeaderAsync(reader) is { } length)
        {
            var body = await BodyAsync(reader, length);
            Bodies.Enqueue(body);
            if (body < length)
            {
                return;
            }

            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
        }
    }

    private static async Task<int> BodyAsync(StreamReader reader, int length)
    {
        var body = 0;
        var buffer = new char[4096];
        try
        {
            while (body < length && await reader.ReadAsync(buffer.AsMemory(0, Math.Min(buffer.Length, length - body))) is var count and > 0)
            {
                body += count;
            }
        }
        catch (IOException)
        {
            // Reset in the middle.
        }

        return body;
    }

    private static async Task<int?> HeaderAsync(StreamReader reader)
    {
        const string Length = "Content-Length: ";
        int? length = null;
        try
        {
            while (await reader.ReadLineAsync() is { Length: > 0 } line)
            {
                length = line.StartsWith(Length, StringComparison.OrdinalIgnoreCase)
                    ? int.Parse(line.AsSpan(Length.Length), CultureInfo.InvariantCulture)
                    : length;
            }
        }
        catch (IOException)
        {
            // Nobody asks any more.
        }

        return length;
    }
}
