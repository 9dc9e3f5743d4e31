using SessionReplay.Testing;
using YamlDotNet.RepresentationModel;

namespace SessionReplay.ScaleOut.Tests;

/// <summary>The YAML files of samples/ScaleOut.</summary>
internal static class Manifests
{
    public static string Folder { get; } = Repository.File("samples", "ScaleOut");

    /// <summary>Every document below k8s/.</summary>
    public static IReadOnlyList<YamlMappingNode> Kubernetes { get; } =
        [.. Directory.GetFiles(Path.Combine(Folder, "k8s"), "*.yaml").Order(StringComparer.Ordinal).SelectMany(Read)];

    public static YamlMappingNode Compose { get; } = Read(Path.Combine(Folder, "compose.yaml")).Single();

    public static IEnumerable<YamlMappingNode> OfKind(string kind) => Kubernetes.Where(document => Text(document, "kind") == kind);

    /// <summary>Follows names down; a number is an item of a list. Null where there is nothing.</summary>
    public static YamlNode? At(YamlNode? node, string path)
    {
        foreach (var name in path.Split('.'))
        {
            node = node switch
            {
                YamlMappingNode map => map.Children.TryGetValue(new YamlScalarNode(name), out var value) ? value : null,
                YamlSequenceNode list =>
                    int.Parse(name, System.Globalization.CultureInfo.InvariantCulture) is var i && i < list.Children.Count ? list[i] : null,
                _ => null,
            };
        }

        return node;
    }

    public static string? Text(YamlNode? node, string path) => (At(node, path) as YamlScalarNode)?.Value;

    public static IEnumerable<YamlNode> Items(YamlNode? node, string path) => At(node, path) as YamlSequenceNode ?? [];

    /// <summary>The keys of a map; those that are merged into it (&lt;&lt;) too.</summary>
    public static IEnumerable<(string Name, string Value)> Pairs(YamlNode? node) =>
        (node as YamlMappingNode)?.Children.SelectMany(pair => (pair.Key as YamlScalarNode)?.Value == "<<"
            ? Pairs(pair.Value)
            : [((pair.Key as YamlScalarNode)!.Value!, (pair.Value as YamlScalarNode)?.Value ?? string.Empty)]) ?? [];

    private static IEnumerable<YamlMappingNode> Read(string path)
    {
        using var reader = new StreamReader(path);
        var stream = new YamlStream();
        stream.Load(reader);
        return [.. stream.Documents.Select(document => (YamlMappingNode)document.RootNode)];
    }
}
