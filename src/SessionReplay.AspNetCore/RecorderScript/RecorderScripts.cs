using System.Collections.Frozen;
using System.IO.Compression;
using System.Security.Cryptography;

namespace SessionReplay.AspNetCore.RecorderScript;

/// <summary>The recorder's scripts as they are embedded in this assembly. Each is compressed at its first use.</summary>
internal static class RecorderScripts
{
    private static readonly FrozenDictionary<string, Lazy<RecorderScriptFile?>> Files =
        new[] { "recorder.js", "recorder.mjs", "recorder.worker.js" }
            .ToFrozenDictionary(name => name, name => new Lazy<RecorderScriptFile?>(() => Load(name)), StringComparer.Ordinal);

    public static IEnumerable<string> Names => Files.Keys.Order(StringComparer.Ordinal);

    /// <summary>Changes with the script; <c>0</c> when the assembly was built without it.</summary>
    public static string Version => Find("recorder.js")?.Hash[..12] ?? "0";

    /// <returns>The script, or <see langword="null"/> when the assembly was built without it.</returns>
    public static RecorderScriptFile? Find(string name) => Files.TryGetValue(name, out var file) ? file.Value : null;

    private static RecorderScriptFile? Load(string name)
    {
        using var resource = typeof(RecorderScripts).Assembly.GetManifestResourceStream(name);
        if (resource is null)
        {
            return null;
        }

        using var content = new MemoryStream();
        resource.CopyTo(content);
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            content.WriteTo(gzip);
        }

        return new(content.ToArray(), compressed.ToArray(), Convert.ToHexStringLower(SHA256.HashData(content.GetBuffer().AsSpan(0, (int)content.Length))));
    }
}
