using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;

namespace SessionReplay.Player.Console;

/// <summary>The player's script, embedded, so that the console works without any set-up of static files.</summary>
internal static class PlayerBundle
{
    public const string FileName = "session-replay-player.js";

    private static readonly Lazy<byte[]> Content = new(Read);
    private static readonly Lazy<byte[]> Compressed = new(Compress);
    private static readonly Lazy<string> Hash = new(() => Convert.ToHexStringLower(SHA256.HashData(Content.Value))[..16]);
    private static readonly Lazy<string> Sha256 = new(() => $"sha256-{Convert.ToBase64String(SHA256.HashData(Content.Value))}");

    /// <summary>The script in UTF-8.</summary>
    public static byte[] Bytes => Content.Value;

    /// <summary>The script compressed with gzip.</summary>
    public static byte[] Gzip => Compressed.Value;

    /// <summary>Names the content; part of the address, so that a browser may keep it for long.</summary>
    public static string Version => Hash.Value;

    /// <summary>The script's hash in the form of Subresource Integrity and of a Content Security Policy.</summary>
    public static string Integrity => Sha256.Value;

    private static byte[] Compress()
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.SmallestSize))
        {
            gzip.Write(Content.Value);
        }

        return compressed.ToArray();
    }

    private static byte[] Read()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(FileName)
            ?? throw new InvalidOperationException(
                $"{FileName} is not in SessionReplay.Player: it was built with -p:BuildJs=false and nothing had been built before.");
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
