using System.Collections.Concurrent;
using SessionReplay.Testing;

namespace SessionReplay.Fidelity;

/// <summary>The functions that run in the browser.</summary>
internal static class Script
{
    private static readonly ConcurrentDictionary<string, string> Texts = new();

    public static string Picture => Read("picture.js");

    public static string Loaded => Read("loaded.js");

    public static string Pixels => Read("pixels.js");

    private static string Read(string name) => Texts.GetOrAdd(name, _ =>
        string.Join(
            '\n', File.ReadLines(Repository.File("tests", "SessionReplay.Fidelity", "Scripts", name))
                .SkipWhile(line => line.StartsWith("//", StringComparison.Ordinal))));
}
