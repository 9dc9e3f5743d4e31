using System.Net;
using System.Text.Json;
using SessionReplay.Testing;

namespace SessionReplay.GuideTests;

/// <summary>An application that runs as a process of its own on 127.0.0.1.</summary>
internal sealed class RunningApp : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private RunningApp(ChildProcess process, int port)
    {
        _process = process;
        Url = $"http://127.0.0.1:{port}";
        Http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false })
        {
            BaseAddress = new Uri(Url),
            Timeout = TimeSpan.FromSeconds(60),
        };
    }

    public string Url { get; }

    public HttpClient Http { get; }

    public string Output => _process.Output;

    /// <summary>Starts what <see cref="GuideApp.BuildAsync"/> has built, from the project's folder, as <c>dotnet run</c> does.</summary>
    public static Task<RunningApp> StartAsync(GuideApp app, params (string Name, string? Value)[] environment) =>
        StartAsync(
            ["dotnet", Path.Combine(app.ProjectFolder, "bin", "Debug", "net10.0", $"{app.Name}.dll")],
            app.ProjectFolder,
            FreePort.Next(),
            environment);

    /// <summary>Starts a program that listens on a port.</summary>
    public static async Task<RunningApp> StartAsync(
        string[] command, string folder, int port, params (string Name, string? Value)[] environment)
    {
        var variables = new Dictionary<string, string?>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}",
            ["DOTNET_NOLOGO"] = "1",
        };
        foreach (var (name, value) in environment)
        {
            variables[name] = value;
        }

        var process = ChildProcess.Start(command[0], command[1..], variables, folder);
        try
        {
            await process.WaitForPortAsync(port, TimeSpan.FromMinutes(2));
            return new RunningApp(process, port);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until a search of the playback API finds a session.</summary>
    public async Task<JsonElement> FindSessionAsync(string query)
    {
        var last = string.Empty;
        for (var i = 0; i < 300; i++)
        {
            using var answer = await Http.GetAsync($"/session-replay/api/sessions?{query}");
            last = await answer.Content.ReadAsStringAsync();
            if (answer.StatusCode == HttpStatusCode.OK
                && JsonSerializer.Deserialize<JsonElement>(last).GetProperty("sessions") is var sessions && sessions.GetArrayLength() > 0)
            {
                return sessions[0];
            }

            await Task.Delay(100);
        }

        throw new TimeoutException($"No session for '{query}'; the last answer was {last}\n{Output}");
    }

    /// <summary>Asks the process to end, as a deployment would, and waits until it has.</summary>
    public Task<int> StopAsync() => _process.TerminateAsync(TimeSpan.FromMinutes(1));

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _process.DisposeAsync();
    }
}
