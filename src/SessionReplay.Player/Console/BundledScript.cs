using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;

namespace SessionReplay.Player.Console;

/// <summary>A script that is embedded, so that the console works without any set-up of static files.</summary>
internal sealed class BundledScript
{
    private readonly Lazy<byte[]> _bytes;
    private readonly Lazy<byte[]> _gzip;
    private readonly Lazy<byte[]> _hash;

    public BundledScript(string fileName)
    {
        FileName = fileName;
        _bytes = new(() => Read(fileName));
        _gzip = new(() => Compress(Bytes));
        _hash = new(() => SHA256.HashData(Bytes));
    }

    public string FileName { get; }

    /// <summary>The script in UTF-8.</summary>
    public byte[] Bytes => _bytes.Value;

    /// <summary>The script compressed with gzip.</summary>
    public byte[] Gzip => _gzip.Value;

    /// <summary>Names the content; part of the address, so that a browser may keep it for long.</summary>
    public string Version => Convert.ToHexStringLower(_hash.Value)[..16];

    /// <summary>The script's hash in the form of Subresource Integrity and of a Content Security Policy.</summary>
    public string Integrity => $"sha256-{Convert.ToBase64String(_hash.Value)}";

    private static byte[] Compress(byte[] bytes)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.SmallestSize))
        {
            gzip.Write(bytes);
        }

        return compressed.ToArray();
    }

    private static byte[] Read(string fileName)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(fileName)
            ?? throw new InvalidOperationException(
                $"{fileName} is not in SessionReplay.Player: it was built with -p:BuildJs=false and nothing had been built before.");
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
