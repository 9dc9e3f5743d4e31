using System.Globalization;

namespace SessionReplay.Testing.Peers;

/// <summary>A NATS server with JetStream of a test's own. Killed and started again it keeps what it had stored.</summary>
public sealed class NatsServer : IAsyncDisposable
{
    private static readonly string[] Programs = ["/usr/sbin/nats-server", "/usr/bin/nats-server", "/usr/local/bin/nats-server"];
    private static readonly TimeSpan StartTime = TimeSpan.FromMinutes(3);
    private readonly TempFolder _folder = new();
    private ChildProcess? _server;

    private readonly string[] _arguments;

    private NatsServer(string[] arguments) => _arguments = arguments;

    public static bool IsInstalled => Programs.Any(File.Exists);

    public int Port { get; } = FreePort.Next();

    public string Url => string.Create(CultureInfo.InvariantCulture, $"nats://127.0.0.1:{Port}");

    /// <summary>Skips the test where the server is not installed.</summary>
    public static void Require() => Peer.Require(Array.Find(Programs, File.Exists) ?? Programs[0], "apt-get install -y nats-server");

    /// <summary>Starts a server.</summary>
    /// <param name="arguments">More arguments, for instance <c>--tls</c>.</param>
    public static async Task<NatsServer> CreateAsync(params string[] arguments)
    {
        var server = new NatsServer(arguments);
        try
        {
            await server.StartAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the server again after <see cref="KillAsync"/>.</summary>
    public async Task StartAsync()
    {
        _server = ChildProcess.Start(
            Array.Find(Programs, File.Exists) ?? Programs[0],
            ["-a", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), "-js", "-sd", _folder.FullPath, .. _arguments]);
        await _server.WaitForPortAsync(Port, StartTime);
    }

    /// <summary>Ends the server with SIGKILL.</summary>
    public async Task KillAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
            _server = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _folder.Dispose();
    }
}
