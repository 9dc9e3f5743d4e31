using System.Globalization;
using SessionReplay.Testing;

namespace SessionReplay.FaultTests.Hosts;

/// <summary>The host of samples/ScaleOut as a process of its own, made what it is by environment variables alone.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private HostProcess(ChildProcess process, int port)
    {
        _process = process;
        Url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/session-replay");
    }

    /// <summary>Where session replay is mapped.</summary>
    public string Url { get; }

    /// <summary>The last of what the process has logged.</summary>
    public string Output => _process.Output;

    /// <summary>Starts a process and waits until it answers.</summary>
    public static async Task<HostProcess> StartAsync(string roles, IReadOnlyDictionary<string, string?> settings)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var port = FreePort.Next();
        var environment = settings.ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value);
        environment["SessionReplay__Roles"] = roles;
        // Playback is open to this machine in development only.
        environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        environment["ASPNETCORE_URLS"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
        environment["Logging__LogLevel__Default"] = "Warning";
        var process = ChildProcess.Start(
            "dotnet", [Repository.File("samples", "ScaleOut", "bin", configuration, "net10.0", "SessionReplay.ScaleOut.dll")], environment);
        try
        {
            await process.WaitForPortAsync(port, TimeSpan.FromMinutes(2));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }

        return new(process, port);
    }

    /// <summary>Ends the process with SIGKILL.</summary>
    public Task KillAsync() => _process.KillAsync();

    /// <summary>Stops the process where it is (SIGSTOP): it lives and does nothing.</summary>
    public Task FreezeAsync() => _process.SignalAsync("STOP");

    /// <summary>Lets the process go on (SIGCONT).</summary>
    public Task ThawAsync() => _process.SignalAsync("CONT");

    /// <summary>Ends the process in order.</summary>
    public Task<int> StopAsync() => _process.TerminateAsync(TimeSpan.FromMinutes(1));

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
