using System.Net;
using System.Net.Sockets;

namespace SessionReplay.Testing;

/// <summary>Finds ports of 127.0.0.1 that nobody listens on.</summary>
public static class FreePort
{
    private static readonly HashSet<int> Given = [];

    /// <summary>Finds one; the same is not given twice in this process.</summary>
    public static int Next()
    {
        for (var i = 0; i < 100; i++)
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var port = ((IPEndPoint)listener.LocalEndpoint).Port;
            lock (Given)
            {
                if (Given.Add(port))
                {
                    return port;
                }
            }
        }

        throw new InvalidOperationException("No free port of 127.0.0.1 was found in 100 tries.");
    }
}
