using System.Globalization;
using System.Net;
using SessionReplay.Testing;

namespace SessionReplay.ScaleOutProof;

/// <summary>One process of samples/ScaleOut that can be killed and started again at the same address.</summary>
internal sealed class HostProcess(string name, string roles, IReadOnlyDictionary<string, string?> settings) : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromMinutes(4);
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };
    private readonly int _port = FreePort.Next();
    private readonly int _managementPort = FreePort.Next();
    private ChildProcess? _process;

    public string Name => name;

    public string Roles => roles;

    public string Url => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}/session-replay");

    public string Output => _process?.Output ?? string.Empty;

    /// <summary>Starts the process and waits until it says that it is ready.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _process = Launch([], new Dictionary<string, string?>(settings)
        {
            ["SessionReplay__Roles"] = roles,
            ["ASPNETCORE_URLS"] = string.Create(
                CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port};http://127.0.0.1:{_managementPort}"),
            ["Management__Port"] = _managementPort.ToString(CultureInfo.InvariantCulture),
        });
        await _process.WaitForPortAsync(_managementPort, StartTime);
        var started = TimeProvider.System.GetTimestamp();
        while (!await IsReadyAsync(cancellationToken))
        {
            if (TimeProvider.System.GetElapsedTime(started) > StartTime)
            {
                throw new TimeoutException($"{name} was not ready after {StartTime}:\n{Output}");
            }

            await Task.Delay(200, cancellationToken);
        }
    }

    /// <summary>Runs an operator's command as a process of its own and gives what it printed.</summary>
    public static async Task<string> RunCommandAsync(IReadOnlyDictionary<string, string?> settings, string command)
    {
        await using var process = Launch(["session-replay", command], settings);
        var code = await process.WaitForExitAsync(StartTime);
        return code == 0
            ? process.Output.Trim()
            : throw new InvalidOperationException($"'session-replay {command}' ended with {code}:\n{process.Output}");
    }

    /// <summary>Ends the process with SIGKILL.</summary>
    public async Task KillAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
            _process = null;
        }
    }

    /// <summary>Asks the process to end, as a platform does before it takes a node away.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> TerminateAsync()
    {
        var code = await _process!.TerminateAsync(TimeSpan.FromMinutes(2));
        await KillAsync();
        return code;
    }

    /// <summary>Adds up a metric, as the process exports it, over those of its series that have a label.</summary>
    public async Task<long> SumAsync(string metric, string label = "")
    {
        var text = await _http.GetStringAsync(Management("/metrics"));
        return text.Split('\n')
            .Where(line => line.StartsWith(metric + "{", StringComparison.Ordinal) && line.Contains(label, StringComparison.Ordinal))
            .Sum(line => (long)double.Parse(line.Split("} ")[1].Split(' ')[0], CultureInfo.InvariantCulture));
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _http.Dispose();
    }

    private static ChildProcess Launch(string[] arguments, IReadOnlyDictionary<string, string?> environment)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var program = Repository.File("samples", "ScaleOut", "bin", configuration, "net10.0", "SessionReplay.ScaleOut.dll");
        return ChildProcess.Start("dotnet", [program, .. arguments], environment);
    }

    private Uri Management(string path) => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_managementPort}{path}"));

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await _http.GetAsync(Management("/health/ready"), cancellationToken);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
