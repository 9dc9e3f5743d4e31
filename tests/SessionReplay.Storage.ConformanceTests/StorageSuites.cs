using System.Text.RegularExpressions;

namespace SessionReplay.Storage.ConformanceTests;

/// <summary>Finds storage adapters whose tests leave out a suite that applies to what they implement.</summary>
public static partial class StorageSuites
{
    /// <summary>Which suite applies to which interface.</summary>
    private static readonly (string Interface, Type Suite)[] Applies =
    [
        ("IBlobStore", typeof(BlobStoreConformance)),
        ("ICatalogWriter", typeof(CatalogConformance)),
        ("ICatalogReader", typeof(CatalogConformance)),
        ("ISessionLifecycle", typeof(CatalogConformance)),
        ("IAssetCatalog", typeof(CatalogConformance)),
        ("IQuotaStore", typeof(CatalogConformance)),
        ("ILiveViewStore", typeof(CatalogConformance)),
        ("ICatalogTransfer", typeof(CatalogConformance)),
        ("IKeyStore", typeof(KeyStoreConformance)),
        ("IKeyRotationStore", typeof(KeyStoreConformance)),
        ("IKeyLifecycle", typeof(KeyStoreConformance)),
        ("IKeyTransfer", typeof(KeyStoreConformance)),
        ("IAuditLog", typeof(AuditLogConformance)),
        ("IAuditLifecycle", typeof(AuditLogConformance)),
        ("IAuditTransfer", typeof(AuditLogConformance)),
    ];

    /// <summary>The suites there are.</summary>
    public static IReadOnlyList<Type> All { get; } =
        [.. typeof(StorageSuites).Assembly.GetTypes()
            .Where(type => type.IsAbstract && type.Name.EndsWith("Conformance", StringComparison.Ordinal)).OrderBy(type => type.Name)];

    /// <summary>The suites that some interface asks for.</summary>
    public static IReadOnlyList<Type> Asked { get; } = [.. Applies.Select(pair => pair.Suite).Distinct().OrderBy(type => type.Name)];

    /// <summary>Lists the adapters of a source tree, as "project: class: interface".</summary>
    public static IReadOnlyList<string> FindAdapters(string root) =>
        [.. Implementations(root).Select(found => $"{found.Project}: {found.Class}: {found.Interface}").Order(StringComparer.Ordinal)];

    /// <summary>
    /// Lists what is missing, as "test project: suite for class". The tests of a class are in the folder of its own folder's name, if the
    /// test project has it.
    /// </summary>
    public static IReadOnlyList<string> FindMissing(string root)
    {
        var missing = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (project, folder, name, contract) in Implementations(root))
        {
            var suite = Applies.First(pair => pair.Interface == contract).Suite;
            var tests = Path.Combine(root, "tests", project + ".Tests");
            var place = Path.Combine(tests, folder);
            var text = Sources(Directory.Exists(place) ? place : tests).Select(File.ReadAllText);
            if (!text.Any(source => SubclassOf(suite).IsMatch(source)))
            {
                missing.Add($"{project}.Tests: {suite.Name} for {name}");
            }
        }

        return [.. missing];
    }

    /// <summary>A subclass of the suite, or of one that contains it.</summary>
    private static Regex SubclassOf(Type suite)
    {
        var names = All.Where(suite.IsAssignableFrom).Select(type => type.Name);
        return new Regex(
            $@"\bsealed class \w+(\([^)]*\))?\s*:\s*({string.Join('|', names)})\b", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(5));
    }

    private static IEnumerable<(string Project, string Folder, string Class, string Interface)> Implementations(string root)
    {
        foreach (var project in Directory.EnumerateDirectories(Path.Combine(root, "src"), "SessionReplay.Storage*")
            .Order(StringComparer.Ordinal))
        {
            foreach (var file in Sources(project))
            {
                foreach (Match match in Implementation().Matches(File.ReadAllText(file)))
                {
                    var bases = Word().Matches(match.Groups["bases"].Value).Select(word => word.Value).ToHashSet(StringComparer.Ordinal);
                    foreach (var (contract, _) in Applies.Where(pair => bases.Contains(pair.Interface)))
                    {
                        yield return (
                            Path.GetFileName(project), Path.GetRelativePath(project, Path.GetDirectoryName(file)!),
                            match.Groups["name"].Value, contract);
                    }
                }
            }
        }
    }

    /// <summary>A class with its bases; the parameters of a primary constructor, which may name interfaces too, are none.</summary>
    [GeneratedRegex(
        @"\bclass (?<name>\w+)\s*(\((?>[^()]+|\((?<open>)|\)(?<-open>))*(?(open)(?!))\))?\s*:(?<bases>[^{;]*)[{;]",
        RegexOptions.CultureInvariant, 5000)]
    private static partial Regex Implementation();

    [GeneratedRegex(@"\w+", RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    private static IEnumerable<string> Sources(string folder) =>
        Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
                .Where(file => !Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"))
            : [];
}
