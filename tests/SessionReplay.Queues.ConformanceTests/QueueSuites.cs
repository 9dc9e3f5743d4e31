using System.Text.RegularExpressions;
using SessionReplay.Testing;

namespace SessionReplay.Queues.ConformanceTests;

/// <summary>Finds queue adapters whose tests leave out a suite.</summary>
public static partial class QueueSuites
{
    /// <summary>The suites that every adapter subclasses.</summary>
    public static IReadOnlyList<Type> All { get; } =
        [.. typeof(QueueConformance).Assembly.GetTypes().Where(type => type.BaseType == typeof(QueueConformance))
            .OrderBy(type => type.Name)];

    /// <summary>
    /// Lists what is missing, as "project: suite". A project in src that declares a queue adapter needs a test project beside it.
    /// </summary>
    public static IReadOnlyList<string> FindMissing()
    {
        var missing = new List<string>();
        foreach (var project in Directory.EnumerateDirectories(Repository.File("src"), "SessionReplay.Queues*").Order())
        {
            if (!Sources(project).Any(text => text.Contains("SessionReplayAdapter(SessionReplay.AdapterKind.Queue", StringComparison.Ordinal)
                || QueueImplementation().IsMatch(text)))
            {
                continue;
            }

            var tests = Repository.File("tests", Path.GetFileName(project) + ".Tests");
            var text = string.Concat(Directory.Exists(tests) ? Sources(tests) : []);
            missing.AddRange(All
                .Where(suite => !Regex.IsMatch(text, $@"\bsealed class \w+\([^)]*\)\s*:\s*{suite.Name}\("))
                .Select(suite => $"{Path.GetFileName(tests)}: {suite.Name}"));
        }

        return missing;
    }

    [GeneratedRegex(@"\bclass \w+[^{;]*:[^{;]*\bIMessageQueue\b")]
    private static partial Regex QueueImplementation();

    private static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("\\obj\\", StringComparison.Ordinal))
            .Select(File.ReadAllText);
}
