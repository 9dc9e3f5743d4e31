using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace SessionReplay.AspNetCore;

/// <summary>A text that is part of this assembly, compressed once.</summary>
internal sealed class CompressedFile
{
    private readonly byte[] _content;
    private readonly byte[] _compressed;

    /// <param name="content">UTF-8.</param>
    public CompressedFile(byte[] content)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            gzip.Write(content);
        }

        (_content, _compressed, Hash) = (content, compressed.ToArray(), Convert.ToHexStringLower(SHA256.HashData(content)));
    }

    /// <summary>Gets the SHA-256 of the content in hex.</summary>
    public string Hash { get; }

    /// <summary>Reads an embedded resource.</summary>
    /// <returns><see langword="null"/> when the assembly was built without it.</returns>
    public static byte[]? ReadResource(string name)
    {
        using var resource = typeof(CompressedFile).Assembly.GetManifestResourceStream(name);
        if (resource is null)
        {
            return null;
        }

        using var content = new MemoryStream();
        resource.CopyTo(content);
        return content.ToArray();
    }

    /// <summary>Makes the answer, compressed for a client that can decompress it.</summary>
    public IResult Answer(HttpContext context, string type)
    {
        var headers = context.Response.Headers;
        headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
        var isCompressed = AcceptEncoding.HasGzip(context.Request);
        if (isCompressed)
        {
            headers.ContentEncoding = "gzip";
        }

        // Two representations, two tags.
        var tag = new EntityTagHeaderValue($"\"{Hash[..32]}{(isCompressed ? "-gz" : string.Empty)}\"");
        return Results.Bytes(isCompressed ? _compressed : _content, type, entityTag: tag);
    }
}
