using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace SessionReplay.Testing;

/// <summary>
/// Finds ports of 127.0.0.1 that nobody listens on. They lie below those that systems give to outgoing connections, so that none of these
/// takes a port between its finding and its use, or while a server that is to have it again is away. Test runs beside this one are kept out
/// by a locked file for each port, which the system unlocks when the process ends.
/// </summary>
public static class FreePort
{
    private const int First = 10_000;
    private const int Last = 19_999;
    private static readonly string Folder = Path.Combine(Path.GetTempPath(), "session-replay-test-ports");
    private static readonly Dictionary<int, FileStream> Given = [];

    /// <summary>Finds one; the same is not given twice, nor to another test run as long as this process lives.</summary>
    public static int Next()
    {
        for (var i = 0; i < 1000; i++)
        {
            var port = Random.Shared.Next(First, Last + 1);
            try
            {
                lock (Given)
                {
                    if (Given.ContainsKey(port))
                    {
                        continue;
                    }

                    Directory.CreateDirectory(Folder);
                    Given[port] = new(
                        Path.Combine(Folder, port.ToString(CultureInfo.InvariantCulture)), FileMode.OpenOrCreate, FileAccess.ReadWrite,
                        FileShare.None, 0);
                }

                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException)
            {
                // Somebody has it.
            }
        }

        throw new InvalidOperationException("No free port of 127.0.0.1 was found in 1,000 tries.");
    }
}
