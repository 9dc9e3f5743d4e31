using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using SessionReplay.AspNetCore.Resilience;
using SessionReplay.AspNetCore.Sanitizing;
using SessionReplay.AspNetCore.Worker;
using SessionReplay.Format;
using SessionReplay.Ingest;
using SessionReplay.Keys;
using SessionReplay.Storage;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary><c>POST v1/assets/…</c>: tells which assets are missing, and takes them: sanitized, compressed, sealed under the tenant's asset key.</summary>
internal sealed class AssetUploadEndpoint(
    IOptions<SessionReplayOptions> options, Sanitizer sanitizer, ITenantCipherProvider ciphers, [Guarded] IBlobStore blobs, AssetCache known,
    IngestMemory memory, IngestWork work, Circuits circuits)
{
    private const int MaxHashes = 256;
    private const int Lookups = 8;

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

    public async ValueTask<IResult> MissingAsync(HttpContext context)
    {
        var tenant = context.Features.GetRequiredFeature<WriteKey>().Tenant;
        circuits.BlobStore.ThrowIfOpen();
        using var held = memory.Open();
        using var body = await RequestBody.ReadAsync(context, MaxHashes * 66, options.Value.Ingest.ReadTimeout, held).ConfigureAwait(false);
        var hashes = Hashes(Encoding.ASCII.GetString(body.WrittenSpan));
        var missing = new bool[hashes.Count];
        await Parallel.ForAsync(0, hashes.Count, new ParallelOptions { MaxDegreeOfParallelism = Lookups, CancellationToken = context.RequestAborted }, async (i, cancellationToken) =>
            missing[i] = !await ExistsAsync(tenant, hashes[i], cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        return Results.Json(new MissingAssets([.. hashes.Where((_, i) => missing[i]).Select(hash => hash.Hex)]), IngestJson.Default.MissingAssets);
    }

    public async ValueTask<IResult> PutAsync(HttpContext context, string hash)
    {
        var limits = options.Value.Ingest;
        var tenant = context.Features.GetRequiredFeature<WriteKey>().Tenant;
        if (!ContentHash.TryParse(hash, out var name))
        {
            throw IngestProblems.BadQuery("sha256", "64 lower-case hex digits");
        }

        if (!Types.TryGetValue(context.Request.Query["type"].ToString(), out var type))
        {
            throw IngestProblems.BadQuery("type", $"one of {string.Join(", ", Types.Keys.Order(StringComparer.Ordinal))}");
        }

        circuits.BlobStore.ThrowIfOpen();
        using var held = memory.Open();
        using var body = await RequestBody.ReadAsync(context, limits.MaxAssetBytes, limits.ReadTimeout, held).ConfigureAwait(false);
        using var turn = await work.BeginAsync(context, body.WrittenMemory, limits.MaxAssetBytes).ConfigureAwait(false);
        using var content = GzipMember.IsGzip(body.WrittenSpan) ? Decompress(body.WrittenMemory, limits.MaxAssetBytes, held) : null;
        var plain = content ?? body;
        if (!CryptographicOperations.FixedTimeEquals(SHA256.HashData(plain.WrittenSpan), name.ToBytes()))
        {
            throw Invalid("The content has not the SHA-256 of the URL.");
        }

        if (!AssetContent.CanBe(type, plain.WrittenSpan))
        {
            throw Invalid("The content is not of the type of the URL.");
        }

        var changed = Sanitize(plain.WrittenSpan, type);
        using var payload = SealedPayload.Choose(body.WrittenMemory, content, changed, type is AssetMediaType.Css or AssetMediaType.Svg, held);
        turn.Dispose();
        await StoreAsync(tenant, name, type, payload, held).ConfigureAwait(false);
        known.Add(tenant, name);
        return Results.NoContent();
    }

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

    private async ValueTask<bool> ExistsAsync(TenantId tenant, ContentHash hash, CancellationToken cancellationToken)
    {
        if (known.Contains(tenant, hash))
        {
            return true;
        }

        await foreach (var blob in blobs.ListAsync(BlobPaths.Asset(tenant, hash), cancellationToken).ConfigureAwait(false))
        {
            known.Add(tenant, hash);
            return true;
        }

        return false;
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

    private async ValueTask StoreAsync(TenantId tenant, ContentHash hash, AssetMediaType type, SealedPayload payload, IngestMemory.Account memory)
    {
        // The page may go away now: what came whole is kept.
        using var time = new CancellationTokenSource(options.Value.Ingest.PublishTimeout);
        var header = new AssetHeader
        {
            Tenant = tenant, Hash = hash, Compression = payload.Compression, MediaType = type, ContentLength = (uint)payload.Length, PayloadLength = (uint)payload.Bytes.Length,
        };
        var asset = memory.Borrow((int)header.ObjectLength);
        try
        {
            var whole = asset.AsMemory(0, (int)header.ObjectLength);
            using (var cipher = await ciphers.GetAssetCipherAsync(tenant, time.Token).ConfigureAwait(false))
            {
                cipher.Seal(header, payload.Bytes.Span, whole.Span);
            }

            using var stream = new MemorySegmentStream([whole]);
            await blobs.CreateAsync(BlobPaths.Asset(tenant, hash), stream, whole.Length, time.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e)
        {
            throw new BlobStoreUnavailableException($"The blob store did not confirm within {options.Value.Ingest.PublishTimeout}.", e);
        }
        finally
        {
            memory.Return(asset);
        }
    }
}
