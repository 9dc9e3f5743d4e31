using System.Net;
using System.Net.Sockets;

namespace SessionReplay.Testing;

/// <summary>
/// Finds ports of 127.0.0.1 that nobody listens on. They lie below those that systems give to outgoing connections, so that none of these takes a
/// port between its finding and its use, or while a server that is to have it again is away.
/// </summary>
public static class FreePort
{
    private const int First = 10_000;
    private const int Last = 19_999;
    private static readonly HashSet<int> Given = [];

    /// <summary>Finds one; the same is not given twice in this process.</summary>
    public static int Next()
    {
        for (var i = 0; i < 1000; i++)
        {
            var port = Random.Shared.Next(First, Last + 1);
            lock (Given)
            {
                if (!Given.Add(port))
                {
                    continue;
                }
            }

            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it.
            }
        }

        throw new InvalidOperationException("No free port of 127.0.0.1 was found in 1,000 tries.");
    }
}
