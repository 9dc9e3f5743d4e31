using System.Globalization;

namespace SessionReplay.Testing.Peers;

/// <summary>A RabbitMQ broker of a test's own. Killed and started again it keeps what it had stored.</summary>
public sealed class RabbitMqServer : IAsyncDisposable
{
    private const string Program = "/usr/lib/rabbitmq/bin/rabbitmq-server";
    private static readonly TimeSpan StartTime = TimeSpan.FromMinutes(4);
    private readonly TempFolder _folder = new();
    private readonly string _configuration;
    private readonly int _distributionPort = FreePort.Next();
    private readonly int _mapperPort = FreePort.Next();
    private ChildProcess? _mapper;
    private ChildProcess? _broker;

    private RabbitMqServer(string configuration) => _configuration = configuration;

    public int Port { get; } = FreePort.Next();

    public string ConnectionString => string.Create(CultureInfo.InvariantCulture, $"amqp://guest:guest@127.0.0.1:{Port}");

    public static bool IsInstalled => File.Exists(Program);

    /// <summary>Skips the test where the broker is not installed.</summary>
    public static void Require() => Peer.Require(Program, "apt-get install -y --no-install-recommends rabbitmq-server");

    /// <summary>Starts a broker.</summary>
    /// <param name="configuration">More lines for its rabbitmq.conf.</param>
    public static async Task<RabbitMqServer> StartAsync(string configuration = "")
    {
        var server = new RabbitMqServer(configuration);
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

    /// <summary>Starts the broker again after <see cref="KillAsync"/>.</summary>
    public async Task StartAsync()
    {
        Directory.CreateDirectory(_folder.File("log"));
        await File.WriteAllTextAsync(
            _folder.File("rabbitmq.conf"),
            string.Create(CultureInfo.InvariantCulture, $"listeners.tcp.1 = 127.0.0.1:{Port}\nlog.file.level = warning\n{_configuration}"));
        await File.WriteAllTextAsync(_folder.File("enabled_plugins"), "[].\n");

        // The port mapper would otherwise be started by the broker as a daemon and outlive it.
        var mapperPort = _mapperPort.ToString(CultureInfo.InvariantCulture);
        _mapper ??= ChildProcess.Start("epmd", ["-address", "127.0.0.1", "-port", mapperPort], workingDirectory: _folder.FullPath);
        await _mapper.WaitForPortAsync(_mapperPort, StartTime);
        _broker = ChildProcess.Start(
            Program,
            [],
            new Dictionary<string, string?>
            {
                ["HOME"] = _folder.FullPath,
                ["RABBITMQ_CONFIG_FILE"] = _folder.File("rabbitmq"),
                ["RABBITMQ_MNESIA_BASE"] = _folder.File("data"),
                ["RABBITMQ_LOG_BASE"] = _folder.File("log"),
                ["RABBITMQ_NODENAME"] = string.Create(CultureInfo.InvariantCulture, $"rmq{Port}@localhost"),
                ["RABBITMQ_DIST_PORT"] = _distributionPort.ToString(CultureInfo.InvariantCulture),
                ["ERL_EPMD_PORT"] = mapperPort,
                ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
                ["RABBITMQ_ENABLED_PLUGINS_FILE"] = _folder.File("enabled_plugins"),
                ["RABBITMQ_PID_FILE"] = _folder.File("pid"),
            },
            _folder.FullPath);
        await _broker.WaitForPortAsync(Port, StartTime);
    }

    /// <summary>Ends the broker with SIGKILL.</summary>
    public async Task KillAsync()
    {
        if (_broker is not null)
        {
            await _broker.DisposeAsync();
            _broker = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        if (_mapper is not null)
        {
            await _mapper.DisposeAsync();
        }

        _folder.Dispose();
    }
}
