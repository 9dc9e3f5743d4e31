using System.IO.Compression;
using System.Reflection.Metadata;
using System.Text;
using System.Xml.Linq;
using SessionReplay.Testing;

namespace SessionReplay.PackageTests;

/// <summary>All packages of the repository, packed into a folder as they would be published.</summary>
public sealed class Feed : IAsyncLifetime
{
    /// <summary>The kind of custom debug information that holds Source Link (portable PDB specification).</summary>
    private static readonly Guid SourceLinkKind = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");

    private readonly TempFolder _folder = new();

    /// <summary>The folder with the .nupkg files.</summary>
    public string FullPath => _folder.FullPath;

    public string Version { get; } = XDocument.Load(Repository.File("Directory.Build.props")).Descendants("Version").Single().Value;

    /// <summary>The ids of all packages that src/ holds.</summary>
    public static IReadOnlyList<string> Ids { get; } =
        [.. Directory.GetFiles(Repository.File("src"), "*.csproj", SearchOption.AllDirectories).Select(Path.GetFileNameWithoutExtension)
            .Order().Select(id => id!)];

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

    /// <summary>Reads from a package's symbols where its sources lie.</summary>
    internal string SourceLink(string id)
    {
        using var symbols = ZipFile.OpenRead(Path.Combine(FullPath, $"{id}.{Version}.snupkg"));
        using var file = symbols.GetEntry($"lib/net10.0/{id}.pdb")!.Open();
        using var pdb = new MemoryStream();
        file.CopyTo(pdb);
        pdb.Position = 0;
        using var provider = MetadataReaderProvider.FromPortablePdbStream(pdb);
        var reader = provider.GetMetadataReader();
        return reader.GetCustomDebugInformation(EntityHandle.ModuleDefinition).Select(reader.GetCustomDebugInformation)
            .Where(information => reader.GetGuid(information.Kind) == SourceLinkKind)
            .Select(information => Encoding.UTF8.GetString(reader.GetBlobBytes(information.Value))).Single();
    }

    /// <summary>Reads which packages a package depends on.</summary>
    internal IReadOnlyList<string> Dependencies(string id)
    {
        using var package = Open(id);
        using var nuspec = package.GetEntry($"{id}.nuspec")!.Open();
        return [.. XDocument.Load(nuspec).Descendants().Where(e => e.Name.LocalName == "dependency").Select(e => e.Attribute("id")!.Value)];
    }
}
