using System.Globalization;

namespace SessionReplay.Testing.Peers;

/// <summary>
/// A PostgreSQL server of a test's own, with one superuser <c>postgres</c> without a password. Killed and started again it keeps what was
/// committed.
/// </summary>
public sealed class PostgreSqlServer : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromMinutes(3);
    private readonly TempFolder _folder = new();
    private ChildProcess? _server;

    private PostgreSqlServer()
    {
    }

    public int Port { get; } = FreePort.Next();

    public string ConnectionString => For("postgres");

    private static string Programs => Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin"))
            .OrderDescending(StringComparer.Ordinal).FirstOrDefault() ?? "/usr/lib/postgresql/bin"
        : "/usr/lib/postgresql/bin";

    /// <summary>Skips the test where the server is not installed.</summary>
    public static void Require() =>
        Peer.Require(Path.Combine(Programs, "postgres"), "apt-get install -y --no-install-recommends postgresql");

    public static async Task<PostgreSqlServer> StartAsync()
    {
        var server = new PostgreSqlServer();
        try
        {
            if (Environment.IsPrivilegedProcess)
            {
                // The server refuses to run as root; its folder belongs to the user whom its package makes.
                await RunAsync("chown", "postgres", server._folder.FullPath);
            }

            await RunAsync(
                Command("initdb", "-D", server._folder.File("data"), "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale", "C.UTF-8"));
            await server.StartServerAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Gives the connection string of a database.</summary>
    public string For(string database) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"Host=127.0.0.1;Port={Port};Username=postgres;Database={database};Timeout=30;Include Error Detail=true");

    /// <summary>Where the cluster's files lie.</summary>
    public string DataFolder => _folder.File("data");

    /// <summary>Runs one statement.</summary>
    public Task ExecuteAsync(string database, string sql) =>
        RunAsync(Client("psql", "-q", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", sql));

    /// <summary>Copies a database by a dump, as backups do.</summary>
    public async Task CopyDatabaseAsync(string from, string to)
    {
        var dump = _folder.File("dump");
        await ExecuteAsync("postgres", $"CREATE DATABASE \"{to}\"");
        await RunAsync(Client("pg_dump", "-Fc", "-f", dump, from));
        await RunAsync(Client("pg_restore", "-d", to, dump));
    }

    /// <summary>Starts the server again after it was ended.</summary>
    public async Task StartServerAsync()
    {
        // A killed server's children may still be ending; it refuses to start beside them.
        for (var attempt = 0; ; attempt++)
        {
            _server = ChildProcess.Start(Command(
                "postgres", "-D", _folder.File("data"), "-p", Port.ToString(CultureInfo.InvariantCulture),
                "-c", "listen_addresses=127.0.0.1", "-c", $"unix_socket_directories={_folder.FullPath}", "-c", "max_connections=200"));
            try
            {
                await _server.WaitForOutputAsync("ready to accept connections", StartTime);
                return;
            }
            catch (InvalidOperationException) when (attempt < 20)
            {
                await _server.DisposeAsync();
                await Task.Delay(250);
            }
        }
    }

    /// <summary>Ends the server and all its processes with SIGKILL.</summary>
    public async Task KillAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
            _server = null;
        }
    }

    /// <summary>
    /// Has the server break off all it is at and end (immediate shutdown, SIGQUIT); the next start recovers from its log.
    /// </summary>
    public Task ShutDownImmediatelyAsync() => EndAsync("QUIT");

    /// <summary>Has the server end in order, without waiting for its clients (fast shutdown, SIGINT).</summary>
    public Task StopAsync() => EndAsync("INT");

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _folder.Dispose();
    }

    private async Task EndAsync(string signal)
    {
        if (_server is not null)
        {
            await _server.SignalAsync(signal);
            await _server.WaitForExitAsync(StartTime);
            await _server.DisposeAsync();
            _server = null;
        }
    }

    private static async Task RunAsync(params string[] command)
    {
        await using var process = ChildProcess.Start(command);
        var code = await process.WaitForExitAsync(StartTime);
        if (code != 0)
        {
            throw new InvalidOperationException($"{command[0]} ended with {code}: {process.Output}");
        }
    }

    private string[] Client(string program, params string[] arguments) =>
        Command(program, ["-h", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), "-U", "postgres", .. arguments]);

    private static string[] Command(string program, params string[] arguments)
    {
        string[] command = [Path.Combine(Programs, program), .. arguments];
        return Environment.IsPrivilegedProcess
            ? ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups", .. command]
            : command;
    }
}
