using System.Text.RegularExpressions;
using SessionReplay.Testing;

namespace SessionReplay.PackageTests;

/// <summary>An application made as the README says, from the packed packages, in a folder outside of the source tree.</summary>
internal sealed class FreshApp : IAsyncDisposable
{
    private readonly TempFolder _folder;
    private readonly ChildProcess _process;

    private FreshApp(TempFolder folder, ChildProcess process, int port)
    {
        _folder = folder;
        _process = process;
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(60) };
    }

    public HttpClient Http { get; }

    public string Output => _process.Output;

    /// <summary>The folder of the project.</summary>
    public string ProjectFolder => _folder.File("FreshApp");

    /// <summary>The files that the project copies and publishes beside its code, as MSBuild tells them.</summary>
    public Task<string> ContentAsync() =>
        Command.RunAsync(ProjectFolder, "dotnet", "msbuild", "-nologo", "-nodeReuse:false", "-getItem:Content");

    public static async Task<FreshApp> StartAsync(Feed feed)
    {
        var folder = new TempFolder();
        try
        {
            var app = folder.File("FreshApp");
            await File.WriteAllTextAsync(folder.File("nuget.config"), NuGetConfig(feed, folder));
            await Command.RunAsync(folder.FullPath, "dotnet", "new", "web", "--name", "FreshApp", "--output", app, "--no-restore");
            foreach (var command in QuickStart.Commands)
            {
                var words = command.Split(' ');
                await Command.RunAsync(app, words[0], words[1..]);
            }

            foreach (var (path, content) in QuickStart.Files)
            {
                var file = Path.Combine(app, path);
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                await File.WriteAllTextAsync(file, content);
            }

            await Command.RunAsync(app, "dotnet", "build", "-v", "q", "-nologo", "-nodeReuse:false");
            return await RunAsync(folder, app, "dotnet", Path.Combine(app, "bin", "Debug", "net10.0", "FreshApp.dll"));
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Publishes an application without Razor Pages, which cannot be trimmed, and runs what was published.</summary>
    /// <param name="feed">The packages.</param>
    /// <param name="properties">How it is published.</param>
    public static async Task<FreshApp> PublishAsync(Feed feed, params string[] properties)
    {
        var folder = new TempFolder();
        try
        {
            var app = folder.File("FreshApp");
            await File.WriteAllTextAsync(folder.File("nuget.config"), NuGetConfig(feed, folder));
            await Command.RunAsync(folder.FullPath, "dotnet", "new", "web", "--name", "FreshApp", "--output", app, "--no-restore");
            // The console's Razor components cannot be compiled ahead of time.
            foreach (var command in QuickStart.Commands.Where(static command => !command.Contains("Player", StringComparison.Ordinal)))
            {
                var words = command.Split(' ');
                await Command.RunAsync(app, words[0], [.. words[1..], "--no-restore"]);
            }

            var files = QuickStart.Files.ToDictionary();
            await File.WriteAllTextAsync(Path.Combine(app, "appsettings.json"), files["appsettings.json"]);
            await File.WriteAllLinesAsync(
                Path.Combine(app, "Program.cs"), files["Program.cs"].Split('\n').Where(line => !Regex.IsMatch(line, "Razor|Console")));
            var published = folder.File("published");
            var output = await Command.RunAsync(
                app,
                "dotnet",
                [
                    "publish", "-c", "Release", "-r", "linux-x64", "-o", published, "-v", "q", "-nologo", "-nodeReuse:false",
                    "-p:TrimmerSingleWarn=false",
                    .. properties,
                ]);
            ThrowIfTrimWarnings(output);
            return await RunAsync(folder, app, Path.Combine(published, "FreshApp"));
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>What the trimmer says of code that is not the packages' is left to its owners.</summary>
    private static void ThrowIfTrimWarnings(string output)
    {
        var ours = output.Split('\n').Where(line => Regex.IsMatch(line, @"warning IL\d{4}.*SessionReplay\b")).Distinct().ToList();
        if (ours.Count > 0)
        {
            throw new InvalidOperationException($"The packages are not ready to be trimmed:\n{string.Join('\n', ours.Take(20))}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    private static async Task<FreshApp> RunAsync(TempFolder folder, string app, params string[] program)
    {
        var port = FreePort.Next();
        var process = ChildProcess.Start(
            program[0],
            [.. program[1..], "--urls", $"http://127.0.0.1:{port}"],
            new Dictionary<string, string?> { ["ASPNETCORE_ENVIRONMENT"] = "Development", ["ASPNETCORE_URLS"] = null,
                ["HOME"] = folder.FullPath },
            app);
        try
        {
            await process.WaitForPortAsync(port, TimeSpan.FromMinutes(2));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }

        return new FreshApp(folder, process, port);
    }

    /// <summary>
    /// The feed beside the machine's own sources; packages go to a folder of their own, so that no earlier build of the same version is
    /// taken.
    /// </summary>
    private static string NuGetConfig(Feed feed, TempFolder folder)
    {
        var machine = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        return $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{folder.File("packages")}" /></config>
              <fallbackPackageFolders><add key="machine" value="{machine}" /></fallbackPackageFolders>
              <packageSources><add key="session-replay" value="{feed.FullPath}" /></packageSources>
            </configuration>
            """;
    }
}
