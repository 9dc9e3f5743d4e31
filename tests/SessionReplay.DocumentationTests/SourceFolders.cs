using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SessionReplay.Testing;

namespace SessionReplay.DocumentationTests;

/// <summary>
/// Reads from the source of a package which of its top folders use which others. Files outside a folder count as the folder <c>(root)</c>.
/// </summary>
internal static class SourceFolders
{
    public const string Root = "(root)";

    private static readonly Lazy<MetadataReference[]> References = new(() =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(file => !Path.GetFileName(file).StartsWith("SessionReplay.", StringComparison.Ordinal) || IsLibrary(file))
            .Select(file => MetadataReference.CreateFromFile(file)),
    ]);

    public static DependencyGraph Read(string package)
    {
        var folder = Repository.File("src", package);
        var trees = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(file => FolderOf(folder, file) is not ("bin" or "obj"))
            .Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), path: file))
            .ToList();
        var usings = CSharpSyntaxTree.ParseText(
            "global using System; global using System.IO; global using System.Linq; global using System.Net.Http; global using System.Threading;"
            + "global using System.Threading.Tasks; global using System.Collections.Generic;");
        var others = References.Value.Where(reference => Path.GetFileNameWithoutExtension(reference.Display) != package);
        var compilation = CSharpCompilation.Create(package, [usings, .. trees], others, new(OutputKind.DynamicallyLinkedLibrary));
        var graph = new DependencyGraph();
        foreach (var tree in trees)
        {
            var user = FolderOf(folder, tree.FilePath);
            graph.AddPart(user);
            var model = compilation.GetSemanticModel(tree);
            foreach (var name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
            {
                if (TypeOf(
                    model.GetSymbolInfo(
                        name).Symbol)?.DeclaringSyntaxReferences.FirstOrDefault()?.SyntaxTree.FilePath is { Length: > 0 } file)
                {
                    graph.Add(user, FolderOf(folder, file));
                }
            }
        }

        return graph;
    }

    private static bool IsLibrary(string file) =>
        Libraries.All.Any(assembly => assembly.GetName().Name == Path.GetFileNameWithoutExtension(file));

    private static INamedTypeSymbol? TypeOf(ISymbol? symbol) => (symbol as INamedTypeSymbol ?? symbol?.ContainingType)?.OriginalDefinition;

    private static string FolderOf(string package, string file)
    {
        var path = Path.GetRelativePath(package, file).Split(Path.DirectorySeparatorChar);
        return path.Length > 1 ? path[0] : Root;
    }
}
