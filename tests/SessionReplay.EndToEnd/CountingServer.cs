using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace SessionReplay.EndToEnd;

/// <summary>A server on 127.0.0.1 to which nobody should come: it counts who does.</summary>
internal sealed class CountingServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _accepting;

    public CountingServer()
    {
        _listener.Start();
        Url = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _accepting = AcceptAsync();
    }

    public string Url { get; }

    /// <summary>The first line of each request; a connection without one is there too.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                using var reader = new StreamReader(client.GetStream());
                Requests.Enqueue(await reader.ReadLineAsync() ?? "a connection");
            }
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException)
        {
            // The listener was stopped, or a client went away.
        }
    }
}
