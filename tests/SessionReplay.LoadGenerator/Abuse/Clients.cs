using System.Net;
using System.Net.Sockets;

namespace SessionReplay.LoadGenerator.Abuse;

/// <summary>Makes HTTP clients that come from an address of their own: a server on this machine sees 127.x.y.z as many addresses.</summary>
internal static class Clients
{
    public static HttpClient Create(IPAddress from) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (context, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                socket.Bind(new IPEndPoint(from, 0));
                await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    })
    {
        Timeout = TimeSpan.FromSeconds(60),
    };
}
