using Npgsql;
using SessionReplay.Testing;
using SessionReplay.Testing.Peers;

namespace SessionReplay.ScaleOutProof;

/// <summary>
/// A whole installation on this machine: RabbitMQ, an S3, PostgreSQL, and five processes of one host that differ in their settings alone.
/// </summary>
internal sealed class Installation : IAsyncDisposable
{
    public const string WriteKey = "scale-out-proof";
    public const string User = "prover";

    /// <summary>Public on purpose: the installation lives on 127.0.0.1 for minutes.</summary>
    public const string Password = "only-for-this-run";

    private readonly TempFolder _folder = new();
    private readonly List<IAsyncDisposable> _peers = [];
    private readonly Dictionary<string, string?> _settings = [];

    private Installation()
    {
    }

    public IReadOnlyList<HostProcess> Ingest { get; private set; } = [];

    public IReadOnlyList<HostProcess> Workers { get; private set; } = [];

    public HostProcess Playback { get; private set; } = null!;

    /// <summary>What the processes keep for themselves: nothing, or a node that goes would take something with it.</summary>
    public int OwnFiles => Directory.Exists(DataFolder) ? Directory.GetFiles(DataFolder, "*", SearchOption.AllDirectories).Length : 0;

    public IEnumerable<HostProcess> Hosts => [.. Ingest, .. Workers, Playback];

    public static async Task<Installation> StartAsync(ProofOptions options, Action<string> say, CancellationToken cancellationToken)
    {
        var installation = new Installation();
        try
        {
            await installation.StartPeersAsync(options, say);
            say(await installation.CommandAsync("set-up-storage"));
            installation.Ingest = [installation.Host("ingest-1", "Ingest"), installation.Host("ingest-2", "Ingest")];
            installation.Workers = [installation.Host("worker-1", "Worker"), installation.Host("worker-2", "Worker")];
            installation.Playback = installation.Host("playback", "Playback");
            await Task.WhenAll(installation.Hosts.Select(host => host.StartAsync(cancellationToken)));
            say("ready: " + string.Join(", ", installation.Hosts.Select(host => host.Name)));
            return installation;
        }
        catch
        {
            await installation.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks the catalog which sessions have their recording object.</summary>
    public async Task<HashSet<Guid>> CompactedSessionsAsync(CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(_settings["SessionReplay__Catalog__PostgreSql__ConnectionString"]!);
        await using var command = source.CreateCommand("SELECT session FROM session_replay.sessions WHERE recording_key IS NOT NULL");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var sessions = new HashSet<Guid>();
        while (await reader.ReadAsync(cancellationToken))
        {
            sessions.Add(reader.GetGuid(0));
        }

        return sessions;
    }

    /// <summary>Runs an operator's command with the installation's settings.</summary>
    public Task<string> CommandAsync(string command) =>
        HostProcess.RunCommandAsync(new Dictionary<string, string?>(_settings) { ["Logging__LogLevel__Default"] = "Warning" }, command);

    public async ValueTask DisposeAsync()
    {
        foreach (var host in Hosts.OfType<HostProcess>())
        {
            await host.DisposeAsync();
        }

        foreach (var peer in _peers)
        {
            await peer.DisposeAsync();
        }

        _folder.Dispose();
    }

    private string DataFolder => _folder.File("data");

    private HostProcess Host(string name, string roles) => new(name, roles, _settings);

    private async Task StartPeersAsync(ProofOptions options, Action<string> say)
    {
        RabbitMqServer.Require();
        PostgreSqlServer.Require();
        var broker = Kept(RabbitMqServer.StartAsync());
        var database = Kept(PostgreSqlServer.StartAsync());
        var store = Kept(ObjectStore.StartAsync(options.LightStore));
        await Task.WhenAll(broker, database, store);
        say($"RabbitMQ, PostgreSQL and {(await store).Name} are there");

        // The same for all five.
        var settings = Settings((await broker).ConnectionString, (await database).ConnectionString);
        foreach (var (name, value) in (await store).Settings.Concat(settings))
        {
            _settings[name] = value;
        }
    }

    private Dictionary<string, string?> Settings(string broker, string database) => new()
    {
        ["ASPNETCORE_ENVIRONMENT"] = "Production",
        ["HOME"] = _folder.FullPath,
        ["SessionReplay__DataDirectory"] = DataFolder,
        ["SessionReplay__KeyManagement__Local__Path"] = _folder.File("keys/key-ring.json"),
        ["SessionReplay__Tenants__0__Id"] = "proof",
        ["SessionReplay__Tenants__0__WriteKeys__0__Key"] = WriteKey,
        // The Ceph of the tests counts 5 seconds as a day: its lifecycle rules would delete what is not read back yet.
        ["SessionReplay__Tenants__0__RetentionDays"] = "3650",
        ["SessionReplay__Queue__Provider"] = "RabbitMQ",
        ["SessionReplay__Queue__RabbitMQ__ConnectionString"] = broker,
        ["SessionReplay__Catalog__Provider"] = "PostgreSql",
        ["SessionReplay__Catalog__PostgreSql__ConnectionString"] = database,
        ["SessionReplay__KeyStore__Provider"] = "PostgreSql",
        ["SessionReplay__KeyStore__PostgreSql__ConnectionString"] = database,
        // All visitors come from one address here, and their sessions end soon after they do.
        ["SessionReplay__Ingest__RequestsPerSecondPerAddress"] = "100000",
        ["SessionReplay__Ingest__NewSessionsPerHourPerAddress"] = "1000000",
        ["SessionReplay__Ingest__WorkPerSecondPerAddress"] = "1000000000",
        ["SessionReplay__Sessions__IdleTimeout"] = "00:00:20",
        ["SessionReplay__Sessions__SweepInterval"] = "00:00:05",
        ["Users__0__Name"] = User,
        ["Users__0__Password"] = Password,
        ["Users__0__Roles__0"] = "view",
    };

    /// <summary>Ends a peer with the installation, also when another one does not start.</summary>
    private async Task<T> Kept<T>(Task<T> starting)
        where T : IAsyncDisposable
    {
        var peer = await starting;
        lock (_peers)
        {
            _peers.Add(peer);
        }

        return peer;
    }
}
