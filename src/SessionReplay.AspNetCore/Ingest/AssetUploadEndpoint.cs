using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using SessionReplay.Format;
using SessionReplay.Pipeline.Messages;
using SessionReplay.Pipeline.Resilience;
using SessionReplay.Pipeline.Sanitizing;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>
/// <c>POST v1/sessions/{id}/assets/{sha256}</c>: takes an asset from a page that has the session's secret, sanitizes and compresses it, and
/// seals it under a key of its own.
/// </summary>
// Long: the container fills it.
internal sealed class AssetUploadEndpoint(
    IOptions<IngestOptions> options, AssetSanitizer sanitizer, SecretCheck secrets, AssetWriter writer,
    IngestMemory memory, IngestWork work, DependencyPipelines pipelines)
{
    private static readonly FrozenDictionary<string, AssetMediaType> Types = new Dictionary<string, AssetMediaType>
    {
        ["text/css"] = AssetMediaType.Css,
        ["image/png"] = AssetMediaType.Png,
        ["image/jpeg"] = AssetMediaType.Jpeg,
        ["image/gif"] = AssetMediaType.Gif,
        ["image/webp"] = AssetMediaType.Webp,
        ["image/svg+xml"] = AssetMediaType.Svg,
        ["font/woff2"] = AssetMediaType.Woff2,
        ["font/woff"] = AssetMediaType.Woff,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public async ValueTask<IResult> HandleAsync(HttpContext context, string id, string hash)
    {
        var limits = options.Value;
        var session = RequestSession.Read(context, id);
        var (name, claimed) = ReadClaim(context.Request, hash);
        pipelines.ThrowIfBlobStoreIsWithheld();
        using var held = memory.Open(TokenBuckets.NameOf(context.Connection.RemoteIpAddress));
        using var sent = await RequestBody.ReadAsync(
            context, limits.MaxAssetBytes + UploadFrame.Size, limits.ReadTimeout, held).ConfigureAwait(false);
        var (secret, body) = UploadFrame.Read(sent.WrittenMemory);
        var hasBegun = await secrets.HasBegunAsync(session, secret, context.RequestAborted).ConfigureAwait(false);
        using var turn = await work.BeginAsync(context, body, limits.MaxAssetBytes).ConfigureAwait(false);
        using var content = GzipMember.IsGzip(body.Span) ? Decompress(body, limits.MaxAssetBytes, held) : null;
        var plain = content?.WrittenMemory ?? body;
        var type = CheckClaim(plain.Span, name, claimed);
        var changed = Sanitize(plain.Span, type);
        var named = FindNames(plain.Span, type);
        using var payload = PayloadToSeal.Choose(body, content, changed, type is AssetMediaType.Css or AssetMediaType.Svg, held);
        turn.Dispose();
        var upload = new AssetUpload(session, hasBegun, context.Connection.RemoteIpAddress, name, type, payload, named);
        await writer.StoreAsync(upload, held, context.RequestAborted).ConfigureAwait(false);
        return Results.NoContent();
    }

    /// <summary>Reads what the URL claims of the content: its name and its type.</summary>
    private static (ContentHash Name, AssetMediaType Type) ReadClaim(HttpRequest request, string hash)
    {
        if (!ContentHash.TryParse(hash, out var name))
        {
            throw IngestProblems.BadQuery("sha256", "64 lower-case hex digits");
        }

        return Types.TryGetValue(request.Query["type"].ToString(), out var type)
            ? (name, type)
            : throw IngestProblems.BadQuery("type", $"one of {string.Join(", ", Types.Keys.Order(StringComparer.Ordinal))}");
    }

    /// <returns>What the content really is.</returns>
    private static AssetMediaType CheckClaim(ReadOnlySpan<byte> content, ContentHash name, AssetMediaType claimed)
    {
        if (!CryptographicOperations.FixedTimeEquals(SHA256.HashData(content), name.ToBytes()))
        {
            throw Invalid("The content does not have the SHA-256 of the URL.");
        }

        return AssetContent.TypeOf(content) is { } type && AssetContent.IsAlike(type, claimed)
            ? type
            : throw Invalid("The content is not of the type of the URL.");
    }

    private static IReadOnlyList<ContentHash> FindNames(ReadOnlySpan<byte> content, AssetMediaType type) =>
        type != AssetMediaType.Css
            ? []
            : AssetNames.Find(content) ?? throw Invalid($"The stylesheet names more than {AssetNames.MaxNames} assets.");

    private static IngestRejectedException Invalid(string detail) =>
        new(StatusCodes.Status400BadRequest, "asset-invalid", "The asset cannot be taken.", detail);

    private static PooledBuffer Decompress(ReadOnlyMemory<byte> member, int limit, IngestMemory.Account memory)
    {
        try
        {
            return GzipMember.Decompress(member, limit, memory);
        }
        catch (FormatRejectedException)
        {
            throw Invalid(
                $"The gzip member is damaged, is followed by other bytes, or expands to more than {limit} bytes or {GzipMember.MaxRatio} times its size.");
        }
    }

    private bool Sanitize(Span<byte> content, AssetMediaType type)
    {
        if (type is AssetMediaType.Css or AssetMediaType.Svg && !Utf8.IsValid(content))
        {
            throw Invalid("The text is not valid UTF-8.");
        }

        return sanitizer.Sanitize(content, type);
    }
}
