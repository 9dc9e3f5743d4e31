using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using SessionReplay.Testing;

namespace SessionReplay.DocumentationTests;

/// <summary>The bounds of CONTRIBUTING.md on lines, methods, parameter lists and files.</summary>
public sealed class HouseRulesTests
{
    private const int MaxLine = 140;
    private const int MaxMethodLines = 40;
    private const int MaxParameters = 6;
    private const int MaxFileLines = 300;

    /// <summary>How the comment above a declaration begins that gives the reason why it is longer; of a file, above a type.</summary>
    private const string Reason = "// Long:";

    private static readonly string[] Folders = ["src", "tests", "samples", "benchmarks"];

    [Fact]
    public void Sources_Lines_AreAtMost140Characters() => AssertNone(Sources().SelectMany(FindLongLines));

    [Fact]
    public void Sources_Methods_AreAtMost40Lines() => AssertNone(Sources().SelectMany(FindLongMethods));

    [Fact]
    public void Sources_ParameterLists_AreAtMost6() => AssertNone(Sources().SelectMany(FindLongParameterLists));

    [Fact]
    public void Sources_Files_AreAtMost300Lines() => AssertNone(Sources().SelectMany(FindLongFile));

    [Theory]
    [InlineData("class A { void M(int a, int b, int c, int d, int e, int f, int g) { } }", 0, 0, 1)]
    [InlineData("record A(int a, int b, int c, int d, int e, int f, int g);", 0, 0, 0)]
    [InlineData("// Long: a line for each.\nclass A(int a, int b, int c, int d, int e, int f, int g);", 0, 0, 0)]
    [InlineData("class A { string s = \"{140}\"; }", 0, 0, 0)]
    [InlineData("class A { /* {140} */ }", 1, 0, 0)]
    [InlineData("class A { void M() {{41} } }", 0, 1, 0)]
    [InlineData("class A {\n// Long: a table.\nvoid M() {{41} } }", 0, 0, 0)]
    [InlineData("class A {\n// Long: a table\n// of all of them.\n[Fact]\nvoid M() {{41} } }", 0, 0, 0)]
    [InlineData("class A {\n// Long: a table.\nint a;\nvoid M() {{41} } }", 0, 1, 0)]
    [InlineData("class A { void M() {{40} } }", 0, 0, 0)]
    public void Rules_Source_FindWhatIsTooLong(string text, int lines, int methods, int parameters)
    {
        var source = Parse(
            text.Replace("{140}", new string('x', 140), StringComparison.Ordinal)
                .Replace("{41}", string.Concat(Enumerable.Repeat("\nG();", 41)) + "\n", StringComparison.Ordinal)
                .Replace("{40}", string.Concat(Enumerable.Repeat("\nG();", 40)) + "\n", StringComparison.Ordinal),
            "A.cs");

        Assert.Equal(lines, FindLongLines(source).Count());
        Assert.Equal(methods, FindLongMethods(source).Count());
        Assert.Equal(parameters, FindLongParameterLists(source).Count());
    }

    /// <summary>Fails with all findings: the message of Assert.Empty has only the first few, cut off.</summary>
    private static void AssertNone(IEnumerable<string> findings)
    {
        var all = findings.ToList();
        Assert.True(all.Count == 0, $"{all.Count} findings:\n{string.Join('\n', all)}");
    }

    private static IEnumerable<SyntaxTree> Sources() =>
        from folder in Folders
        from file in Directory.EnumerateFiles(Repository.File(folder), "*.cs", SearchOption.AllDirectories)
        where !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            && !file.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
        select Parse(File.ReadAllText(file), Path.GetRelativePath(Repository.Root, file));

    private static SyntaxTree Parse(string text, string path) =>
        CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.Preview), path);

    /// <summary>A line may be longer where a string is: it reads better whole.</summary>
    private static IEnumerable<string> FindLongLines(SyntaxTree source)
    {
        var root = source.GetRoot();
        foreach (var line in source.GetText().Lines.Where(line => line.Span.Length > MaxLine))
        {
            if (!HasLongString(root, line.Span) || IsComment(root, line.Start + MaxLine - 1))
            {
                yield return $"{source.FilePath}:{line.LineNumber + 1} has {line.Span.Length} characters";
            }
        }
    }

    private static bool HasLongString(SyntaxNode root, TextSpan line) =>
        root.DescendantNodes(node => node.FullSpan.IntersectsWith(line)).Any(node =>
            node is LiteralExpressionSyntax or InterpolatedStringExpressionSyntax && node.Span.Length > MaxLine / 4
            && node.Span.IntersectsWith(line));

    private static bool IsComment(SyntaxNode root, int position) =>
        root.FindTrivia(position).Kind() is not (SyntaxKind.None or SyntaxKind.WhitespaceTrivia or SyntaxKind.EndOfLineTrivia);

    private static IEnumerable<string> FindLongMethods(SyntaxTree source)
    {
        foreach (var node in source.GetRoot().DescendantNodes())
        {
            var body = node switch
            {
                BaseMethodDeclarationSyntax method => (SyntaxNode?)method.Body ?? method.ExpressionBody,
                LocalFunctionStatementSyntax function => (SyntaxNode?)function.Body ?? function.ExpressionBody,
                AccessorDeclarationSyntax accessor => (SyntaxNode?)accessor.Body ?? accessor.ExpressionBody,
                _ => null,
            };
            if (body is null)
            {
                continue;
            }

            var span = source.GetLineSpan(body.Span);
            var lines = span.EndLinePosition.Line - span.StartLinePosition.Line + (body is BlockSyntax ? -1 : 1);
            if (lines > MaxMethodLines && !HasReason(node))
            {
                yield return $"{source.FilePath}:{span.StartLinePosition.Line + 1} has a method of {lines} lines";
            }
        }
    }

    /// <summary>The members of a record are data and not parameters.</summary>
    private static IEnumerable<string> FindLongParameterLists(SyntaxTree source) =>
        from list in source.GetRoot().DescendantNodes().OfType<ParameterListSyntax>()
        where list.Parameters.Count > MaxParameters && list.Parent is not RecordDeclarationSyntax && !HasReason(list.Parent!)
        select $"{source.FilePath}:{source.GetLineSpan(list.Span).StartLinePosition.Line + 1} has {list.Parameters.Count} parameters";

    private static IEnumerable<string> FindLongFile(SyntaxTree source)
    {
        var lines = source.GetText().Lines.Count - 1;
        if (lines > MaxFileLines && !source.GetRoot().DescendantNodes().OfType<TypeDeclarationSyntax>().Any(HasReason))
        {
            yield return $"{source.FilePath} has {lines} lines";
        }
    }

    private static bool HasReason(SyntaxNode node) =>
        node.GetLeadingTrivia().Any(trivia => trivia.ToString().StartsWith(Reason, StringComparison.Ordinal));
}
