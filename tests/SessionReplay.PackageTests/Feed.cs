using System.IO.Compression;
using System.Xml.Linq;
using SessionReplay.Testing;

namespace SessionReplay.PackageTests;

/// <summary>All packages of the repository, packed into a folder as they would be published.</summary>
public sealed class Feed : IAsyncLifetime
{
    private readonly TempFolder _folder = new();

    /// <summary>The folder with the .nupkg files.</summary>
    public string FullPath => _folder.FullPath;

    public string Version { get; } = XDocument.Load(Repository.File("Directory.Build.props")).Descendants("Version").Single().Value;

    /// <summary>The ids of all packages that src/ holds.</summary>
    public static IReadOnlyList<string> Ids { get; } =
        [.. Directory.GetFiles(Repository.File("src"), "*.csproj", SearchOption.AllDirectories).Select(Path.GetFileNameWithoutExtension).Order().Select(id => id!)];

    public async Task InitializeAsync()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        // One call of MSBuild packs all: a project file of the feed's own that names them.
        var pack = _folder.File("pack.proj");
        await File.WriteAllTextAsync(
            pack,
            $"""
            <Project>
              <ItemGroup><Library Include="{Repository.Root}/src/*/*.csproj" /></ItemGroup>
              <Target Name="Pack">
                <MSBuild Projects="@(Library)" Targets="Pack" Properties="NoBuild=true;Configuration={configuration};PackageOutputPath={FullPath}" />
              </Target>
            </Project>
            """);
        await Command.RunAsync(Repository.Root, "dotnet", "msbuild", pack, "-t:Pack", "-v:q", "-nologo", "-nodeReuse:false");
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Opens a package.</summary>
    internal ZipArchive Open(string id) => ZipFile.OpenRead(Path.Combine(FullPath, $"{id}.{Version}.nupkg"));

    /// <summary>Reads which packages a package depends on.</summary>
    internal IReadOnlyList<string> Dependencies(string id)
    {
        using var package = Open(id);
        using var nuspec = package.GetEntry($"{id}.nuspec")!.Open();
        return [.. XDocument.Load(nuspec).Descendants().Where(e => e.Name.LocalName == "dependency").Select(e => e.Attribute("id")!.Value)];
    }
}
