using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using SessionReplay.AspNetCore.Resilience;
using SessionReplay.AspNetCore.Sanitizing;
using SessionReplay.Format;
using SessionReplay.Ingest;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>
/// <c>POST v1/sessions/{id}/assets/…</c>: answers which assets are missing, and takes them from who has the session's secret: sanitized, compressed,
/// sealed under a key of the asset's own.
/// </summary>
internal sealed class AssetUploadEndpoint(
    IOptions<SessionReplayOptions> options, Sanitizer sanitizer, SecretCheck secrets, AssetStorage storage,
    IngestMemory memory, IngestWork work, Circuits circuits)
{
    private const int MaxHashes = 256;

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

    public async ValueTask<IResult> MissingAsync(HttpContext context, string id)
    {
        var session = Session(context, id);
        circuits.BlobStore.ThrowIfOpen();
        using var held = memory.Open(TokenBuckets.NameOf(context.Connection.RemoteIpAddress));
        using var upload = await RequestBody.ReadAsync(
            context, UploadFrame.Size + (MaxHashes * 66), options.Value.Ingest.ReadTimeout, held).ConfigureAwait(false);
        var (secret, body) = UploadFrame.Read(upload.WrittenMemory);
        var hashes = Hashes(Encoding.ASCII.GetString(body.Span));
        work.TakeRows(context, 1 + hashes.Count);
        await secrets.ThrowIfOtherAsync(session, secret, context.RequestAborted).ConfigureAwait(false);
        var missing = await storage.FindMissingAsync(session, hashes, context.RequestAborted).ConfigureAwait(false);
        return Results.Json(new MissingAssets([.. missing.Select(hash => hash.Hex)]), IngestJson.Default.MissingAssets);
    }

    public async ValueTask<IResult> PutAsync(HttpContext context, string id, string hash)
    {
        var limits = options.Value.Ingest;
        var session = Session(context, id);
        if (!ContentHash.TryParse(hash, out var name))
        {
            throw IngestProblems.BadQuery("sha256", "64 lower-case hex digits");
        }

        if (!Types.TryGetValue(context.Request.Query["type"].ToString(), out var claimed))
        {
            throw IngestProblems.BadQuery("type", $"one of {string.Join(", ", Types.Keys.Order(StringComparer.Ordinal))}");
        }

        circuits.BlobStore.ThrowIfOpen();
        using var held = memory.Open(TokenBuckets.NameOf(context.Connection.RemoteIpAddress));
        using var sent = await RequestBody.ReadAsync(
            context, limits.MaxAssetBytes + UploadFrame.Size, limits.ReadTimeout, held).ConfigureAwait(false);
        var (secret, body) = UploadFrame.Read(sent.WrittenMemory);
        var hasBegun = await secrets.HasBegunAsync(session, secret, context.RequestAborted).ConfigureAwait(false);
        using var turn = await work.BeginAsync(context, body, limits.MaxAssetBytes).ConfigureAwait(false);
        using var content = GzipMember.IsGzip(body.Span) ? Decompress(body, limits.MaxAssetBytes, held) : null;
        var plain = content?.WrittenMemory ?? body;
        if (!CryptographicOperations.FixedTimeEquals(SHA256.HashData(plain.Span), name.ToBytes()))
        {
            throw Invalid("The content has not the SHA-256 of the URL.");
        }

        if (AssetContent.TypeOf(plain.Span) is not { } type || !AssetContent.IsAlike(type, claimed))
        {
            throw Invalid("The content is not of the type of the URL.");
        }

        var changed = Sanitize(plain.Span, type);
        var named = type == AssetMediaType.Css ? AssetNames.Find(plain.Span) : [];
        if (named is null)
        {
            throw Invalid($"The stylesheet names more than {AssetNames.MaxNames} assets.");
        }

        using var payload = SealedPayload.Choose(body, content, changed, type is AssetMediaType.Css or AssetMediaType.Svg, held);
        turn.Dispose();
        var upload = new AssetUpload(session, hasBegun, context.Connection.RemoteIpAddress, name, type, payload, named);
        await storage.StoreAsync(upload, held, context.RequestAborted).ConfigureAwait(false);
        return Results.NoContent();
    }

    private static SessionRef Session(HttpContext context, string id) => SessionId.TryParse(id, out var session)
        ? new(context.Features.GetRequiredFeature<WriteKey>().Tenant, session)
        : throw IngestProblems.NotFound();

    private static IngestRejectedException Invalid(string detail) => new(StatusCodes.Status400BadRequest, "asset-invalid", "The asset cannot be taken.", detail);

    private static PooledBuffer Decompress(ReadOnlyMemory<byte> member, int limit, IngestMemory.Account memory)
    {
        try
        {
            return GzipMember.Decompress(member, limit, memory);
        }
        catch (FormatRejectedException)
        {
            throw Invalid($"The gzip member is damaged, is followed by other bytes, or expands to more than {limit} bytes or {GzipMember.MaxRatio} times its size.");
        }
    }

    private static List<ContentHash> Hashes(string body)
    {
        var hashes = new List<ContentHash>();
        foreach (var line in body.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!ContentHash.TryParse(line, out var hash) || hashes.Count == MaxHashes)
            {
                throw IngestProblems.BadQuery("body", $"at most {MaxHashes} lines of 64 lower-case hex digits");
            }

            hashes.Add(hash);
        }

        return hashes;
    }

    private bool Sanitize(Span<byte> content, AssetMediaType type)
    {
        if (type is not (AssetMediaType.Css or AssetMediaType.Svg))
        {
            return false;
        }

        if (!Utf8.IsValid(content))
        {
            throw Invalid("The text is not valid UTF-8.");
        }

        var pass = sanitizer.Begin(content);
        if (type == AssetMediaType.Css)
        {
            pass.Css(content);
        }
        else
        {
            pass.Text(content);
        }

        return pass.Changed;
    }
}
