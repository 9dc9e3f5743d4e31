using System.Collections.Concurrent;
using System.Globalization;
using SessionReplay.Testing;

namespace SessionReplay.FaultTests.Hosts;

/// <summary>The host of samples/ScaleOut as a process of its own, made what it is by environment variables alone.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private static readonly ConcurrentQueue<HostProcess> All = new();
    private readonly ChildProcess _process;
    private readonly Dictionary<string, string?> _environment;
    private string _end = "";

    private HostProcess(string roles, ChildProcess process, Dictionary<string, string?> environment, int port)
    {
        (Roles, _process, _environment) = (roles, process, environment);
        Url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/session-replay");
        All.Enqueue(this);
    }

    public string Roles { get; }

    /// <summary>Where session replay is mapped.</summary>
    public string Url { get; }

    /// <summary>The last of what the process has logged.</summary>
    public string Output => _process.Output;

    /// <summary>How the process ended; empty while it runs.</summary>
    public string End => _end;

    /// <summary>This process and all others that were started on the same data, also those that have ended.</summary>
    public IEnumerable<HostProcess> Installation => All.Where(other => other._environment[DataDirectory] == _environment[DataDirectory]);

    private static string DataDirectory => "SessionReplay__DataDirectory";

    private static string Program =>
        Repository.File(
            "samples", "ScaleOut", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0",
            "SessionReplay.ScaleOut.dll");

    /// <summary>Starts a process and waits until it answers.</summary>
    public static async Task<HostProcess> StartAsync(string roles, IReadOnlyDictionary<string, string?> settings)
    {
        var port = FreePort.Next();
        var environment = settings.ToDictionary(
            setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value);
        environment["SessionReplay__Roles"] = roles;
        // Playback is open to this machine in development only.
        environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        environment["ASPNETCORE_URLS"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
        environment["Logging__LogLevel__Default"] = "Warning";
        var process = ChildProcess.Start("dotnet", [Program], environment);
        try
        {
            await process.WaitForPortAsync(port, TimeSpan.FromMinutes(4));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }

        return new(roles, process, environment, port);
    }

    /// <summary>Reads one of the figures that the process reports to a monitoring system.</summary>
    /// <returns>The figure; <see langword="null"/> while it is not reported.</returns>
    public async Task<double?> ReadMetricAsync(HttpClient http, string name)
    {
        // NAME VALUE TIME, or NAME{LABELS} VALUE TIME; no label's value has a blank.
        var text = await http.GetStringAsync(new Uri(new Uri(Url), "/metrics"));
        var fields = text.Split('\n').Select(line => line.Split(' ')).FirstOrDefault(fields => fields[0].Split('{')[0] == name);
        return fields is null ? null : double.Parse(fields[1], CultureInfo.InvariantCulture);
    }

    /// <summary>Runs an operator's command with the settings of this process, as a process of its own.</summary>
    /// <returns>What it printed.</returns>
    public async Task<string> RunCommandAsync(string command)
    {
        await using var process = ChildProcess.Start("dotnet", [Program, "session-replay", command], _environment);
        var code = await process.WaitForExitAsync(TimeSpan.FromMinutes(2));
        return $"{process.Output.Trim()} (ended with {code})";
    }

    /// <summary>Starts an operator's command as a process of its own.</summary>
    public static ChildProcess StartCommand(IReadOnlyDictionary<string, string?> settings, params string[] command) => ChildProcess.Start(
        "dotnet",
        [Program, "session-replay", .. command],
        settings.ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value));

    /// <summary>Ends the process with SIGKILL.</summary>
    public Task KillAsync()
    {
        _end = "killed";
        return _process.KillAsync();
    }

    /// <summary>Stops the process where it is (SIGSTOP): it lives and does nothing.</summary>
    public Task FreezeAsync() => _process.SignalAsync("STOP");

    /// <summary>Lets the process go on (SIGCONT).</summary>
    public Task ThawAsync() => _process.SignalAsync("CONT");

    /// <summary>Ends the process in order.</summary>
    public async Task<int> StopAsync()
    {
        var code = await _process.TerminateAsync(TimeSpan.FromMinutes(2));
        _end = string.Create(CultureInfo.InvariantCulture, $"ended with {code}");
        return code;
    }

    public ValueTask DisposeAsync()
    {
        _end = _end.Length > 0 ? _end : "killed at its end";
        return _process.DisposeAsync();
    }
}
