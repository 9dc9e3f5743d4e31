using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SessionReplay.PackageTests;
using SessionReplay.Testing;

namespace SessionReplay.GuideTests;

/// <summary>A fresh application to which a reader has done what guides say.</summary>
internal sealed partial class GuideApp : IDisposable
{
    /// <summary>What tests begin with, by the first guide: most begin with the same, and go on in a copy of it.</summary>
    private static readonly ConcurrentDictionary<(string Guide, string App), Lazy<Task<GuideApp>>> Beginnings = new();

    private readonly TempFolder _folder;

    private GuideApp(TempFolder folder) => (_folder, ProjectFolder) = (folder, folder.FullPath);

    /// <summary>The folder in which the guides' commands have ended: that of the application's project.</summary>
    public string ProjectFolder { get; private set; }

    /// <summary>A folder beside the application's.</summary>
    public string Beside(string name) => _folder.File(name);

    /// <summary>The name of the project, and of its assembly.</summary>
    public string Name => Path.GetFileNameWithoutExtension(Directory.GetFiles(ProjectFolder, "*.csproj").Single());

    /// <summary>Makes an application by following guides one after the other.</summary>
    /// <param name="steps">The guides, each with the name that its comments give the application.</param>
    public static async Task<GuideApp> FollowAsync(params (string Guide, string App)[] steps)
    {
        var beginning = await Beginnings.GetOrAdd(steps[0], static step => new(() => BeginAsync(step.Guide, step.App))).Value;
        var app = beginning.Copy();
        try
        {
            foreach (var (guide, name) in steps[1..])
            {
                await app.FollowAsync(guide, name);
            }

            return app;
        }
        catch
        {
            app.Dispose();
            throw;
        }
    }

    public async Task FollowAsync(string guide, string app)
    {
        foreach (var block in Guide.Named(guide).BlocksOf(app))
        {
            if (block.Target == GuideBlock.Run)
            {
                await RunAsync(block.Text);
            }
            else
            {
                await WriteAsync(block);
            }
        }
    }

    public Task<string> BuildAsync() =>
        Command.RunAsync(ProjectFolder, "dotnet", "build", "-v", "q", "-nologo", "-nodeReuse:false", "-warnaserror");

    /// <summary>Runs commands as a reader's shell would; the folder in which they end is where the next ones begin.</summary>
    public async Task<string> RunAsync(string commands)
    {
        // One restore at the build is enough, and a template asks for more than this machine may have.
        commands = Restoring().Replace(commands, "$0 --no-restore");
        var end = _folder.File("folder.txt");
        var output = await Command.RunAsync(ProjectFolder, "bash", "-e", "-o", "pipefail", "-c", $"{commands}\npwd > '{end}'\n");
        ProjectFolder = (await File.ReadAllTextAsync(end)).Trim();
        return output;
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<GuideApp> BeginAsync(string guide, string name)
    {
        var workshop = await Workshop.GetAsync();
        var app = new GuideApp(workshop.NewFolder());
        workshop.Keep(app);
        await app.FollowAsync(guide, name);
        return app;
    }

    private GuideApp Copy()
    {
        var copy = new GuideApp(new TempFolder());
        foreach (var file in Directory.EnumerateFiles(_folder.FullPath, "*", SearchOption.AllDirectories))
        {
            var target = copy.Beside(Path.GetRelativePath(_folder.FullPath, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        copy.ProjectFolder = Path.GetFullPath(copy.Beside(Path.GetRelativePath(_folder.FullPath, ProjectFolder)));
        return copy;
    }

    private async Task WriteAsync(GuideBlock block)
    {
        var file = Path.Combine(ProjectFolder, block.Target);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var text = File.Exists(file) ? (await File.ReadAllTextAsync(file)).ReplaceLineEndings("\n") : string.Empty;
        await File.WriteAllTextAsync(file, block.Place switch
        {
            "above" or "below" or "in place of" => Insert(text, block),
            "at the end" => text.Length == 0 || text.EndsWith('\n') ? text + block.Text : $"{text}\n{block.Text}",
            _ when text.Length > 0 && block.Target.EndsWith(".json", StringComparison.Ordinal) =>
                Merge(JsonNode.Parse(text)!, JsonNode.Parse(block.Text)!).ToString(),
            _ => block.Text,
        });
    }

    private static string Insert(string text, GuideBlock block)
    {
        var lines = text.Split('\n').ToList();
        var at = lines.FindIndex(line => line.Trim('\uFEFF', ' ').StartsWith(block.Anchor, StringComparison.Ordinal));
        Assert.True(at >= 0, $"{block.Target} has no line that begins with '{block.Anchor}':\n{text}");
        if (block.Place == "in place of")
        {
            lines.RemoveRange(at, block.Lines);
        }

        lines.Insert(block.Place == "below" ? at + 1 : at, block.Text.TrimEnd('\n'));
        return string.Join('\n', lines);
    }

    private static JsonNode Merge(JsonNode into, JsonNode from)
    {
        foreach (var (name, value) in from.AsObject().ToList())
        {
            into[name] = into[name] is JsonObject own && value is JsonObject ? Merge(own, value) : value?.DeepClone();
        }

        return into;
    }

    [GeneratedRegex(@"^\s*dotnet (add package|new) [^\n]+", RegexOptions.Multiline)]
    private static partial Regex Restoring();
}
