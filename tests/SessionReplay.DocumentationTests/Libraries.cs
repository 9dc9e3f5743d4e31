using System.Reflection;
using SessionReplay.Testing;

namespace SessionReplay.DocumentationTests;

/// <summary>The assemblies of src/.</summary>
internal static class Libraries
{
    public static IReadOnlyList<Assembly> All { get; } =
    [
        .. Directory.GetFiles(Repository.File("src"), "*.csproj", SearchOption.AllDirectories)
            .Select(file => Path.GetFileNameWithoutExtension(file)!)
            .Order(StringComparer.Ordinal)
            .Select(name => Assembly.LoadFrom(Path.Combine(AppContext.BaseDirectory, name + ".dll"))),
    ];

    /// <summary>Every public options class; what several have in common is seen in each of them.</summary>
    public static IReadOnlyList<Type> Options { get; } =
        [.. All.SelectMany(assembly => assembly.GetExportedTypes())
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.Name.EndsWith("Options", StringComparison.Ordinal))
            .OrderBy(type => type.FullName, StringComparer.Ordinal)];

    /// <summary>Which adapter a configuration can name: its section and its options class.</summary>
    public static IReadOnlyList<(string Section, Type Options)> Adapters { get; } =
    [
        .. All.SelectMany(assembly => assembly.GetCustomAttributes<SessionReplayAdapterAttribute>())
            .Select(adapter => (Section: $"SessionReplay:{adapter.Kind}:{adapter.Name}", Options: OptionsOf(adapter.AdapterType)))
            .Where(adapter => adapter.Options is not null)
            .Select(adapter => (adapter.Section, adapter.Options!))
            .OrderBy(adapter => adapter.Section, StringComparer.Ordinal),
    ];

    /// <summary>Every name that a configuration can choose. The embedded ones, which are the defaults, come first.</summary>
    public static IReadOnlyList<(string Kind, string Name, string Package)> AdapterNames { get; } =
    [
        .. All.SelectMany(
            assembly =>
                assembly.GetCustomAttributes<SessionReplayAdapterAttribute>()
                    .Select(adapter => (Kind: adapter.Kind.ToString(), adapter.Name, assembly.GetName().Name!)))
            .OrderBy(adapter => adapter.Kind, StringComparer.Ordinal)
            .ThenBy(adapter => adapter.Name is "Sqlite" or "Local" ? 0 : 1)
            .ThenBy(adapter => adapter.Name, StringComparer.Ordinal),
    ];

    private static Type? OptionsOf(Type adapter) =>
        adapter.Assembly.GetExportedTypes()
            .SingleOrDefault(type => type.Name == adapter.Name.Replace("Adapter", "Options", StringComparison.Ordinal));
}
