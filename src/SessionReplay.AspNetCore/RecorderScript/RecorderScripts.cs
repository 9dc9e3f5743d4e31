using System.Collections.Frozen;

namespace SessionReplay.AspNetCore.RecorderScript;

/// <summary>The recorder's scripts as they are embedded in this assembly. Each is compressed at its first use.</summary>
internal static class RecorderScripts
{
    private static readonly FrozenDictionary<string, Lazy<CompressedFile?>> Files =
        new[] { "recorder.js", "recorder.mjs", "recorder.worker.js", "recorder.later.mjs", "recorder.fallback.mjs" }
            .ToFrozenDictionary(name => name, name => new Lazy<CompressedFile?>(() => Load(name)), StringComparer.Ordinal);

    public static IEnumerable<string> Names => Files.Keys.Order(StringComparer.Ordinal);

    /// <summary>Changes with the script; <c>0</c> when the assembly was built without it.</summary>
    public static string Version => Find("recorder.js")?.Hash[..12] ?? "0";

    /// <returns>The script, or <see langword="null"/> when the assembly was built without it.</returns>
    public static CompressedFile? Find(string name) => Files.TryGetValue(name, out var file) ? file.Value : null;

    private static CompressedFile? Load(string name) => CompressedFile.ReadResource(name) is { } content ? new(content) : null;
}
