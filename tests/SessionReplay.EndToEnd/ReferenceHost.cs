using SessionReplay.Testing;

namespace SessionReplay.EndToEnd;

/// <summary>The sample shop, or another application, as a process of its own with a data folder of its own.</summary>
internal sealed class ReferenceHost : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ChildProcess _process;

    private ReferenceHost(ChildProcess process, TempFolder folder, int port)
    {
        _process = process;
        _folder = folder;
        Url = $"http://127.0.0.1:{port}";
        Http = new HttpClient { BaseAddress = new Uri(Url), Timeout = TimeSpan.FromSeconds(60) };
    }

    public string Url { get; }

    public HttpClient Http { get; }

    /// <summary>Where the host keeps everything.</summary>
    public string DataFolder => _folder.FullPath;

    public string Output => _process.Output;

    public static Task<ReferenceHost> StartAsync(params (string Key, string Value)[] settings) =>
        StartAppAsync("samples/SessionReplay.ReferenceHost", settings);

    /// <param name="folder">The project's folder below the repository's, named as its assembly.</param>
    /// <param name="settings">Settings of its configuration.</param>
    public static async Task<ReferenceHost> StartAppAsync(string folder, params (string Key, string Value)[] settings)
    {
        var data = new TempFolder();
        var port = FreePort.Next();
        var project = Repository.File(folder);
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        List<string> arguments =
        [
            Path.Combine(project, "bin", configuration, "net10.0", $"{Path.GetFileName(folder)}.dll"),
            "--urls", $"http://127.0.0.1:{port}",
            "--SessionReplay:DataDirectory", data.FullPath,
        ];
        foreach (var (key, value) in settings)
        {
            arguments.AddRange([$"--{key}", value]);
        }

        var process = ChildProcess.Start(
            "dotnet",
            arguments,
            new Dictionary<string, string?> { ["ASPNETCORE_ENVIRONMENT"] = "Development", ["ASPNETCORE_URLS"] = null,
                ["HOME"] = data.FullPath },
            project);
        try
        {
            await process.WaitForPortAsync(port, TimeSpan.FromMinutes(2));
        }
        catch
        {
            await process.DisposeAsync();
            data.Dispose();
            throw;
        }

        return new ReferenceHost(process, data, port);
    }

    /// <summary>Asks the host to end, as a deployment would, and waits until it has.</summary>
    public Task<int> StopAsync() => _process.TerminateAsync(TimeSpan.FromMinutes(1));

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _process.DisposeAsync();
        _folder.Dispose();
    }
}
