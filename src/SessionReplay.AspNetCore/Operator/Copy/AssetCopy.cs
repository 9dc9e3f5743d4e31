using SessionReplay.AspNetCore.Ingest;
using SessionReplay.Catalog;
using SessionReplay.Format;
using SessionReplay.Keys;
using SessionReplay.Storage;

namespace SessionReplay.AspNetCore.Operator.Copy;

/// <summary>
/// Copies a tenant's assets as they are uploaded: a row that reserves room, the object, and the row says that it is there.
/// Each is opened before it is written, so that what is at the target is authentic.
/// </summary>
internal sealed class AssetCopy(CopyEnd source, CopyEnd target, TimeProvider clock, CopyReport report, bool verifyAll)
{
    /// <summary>No asset is larger, whatever the options say.</summary>
    private const long MaxBytes = 256L * 1024 * 1024;

    public async ValueTask CopyAllAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        using var cipher = await target.TenantCiphers.GetAssetCipherAsync(tenant, cancellationToken).ConfigureAwait(false);
        await foreach (var (asset, there) in MatchAsync(tenant, cancellationToken).ConfigureAwait(false))
        {
            if (there is null)
            {
                await TryCopyAsync(asset with { Names = [] }, cipher, cancellationToken).ConfigureAwait(false);
            }
            else if (verifyAll && !await IsAuthenticAsync(target.Blobs, there, cipher, cancellationToken).ConfigureAwait(false))
            {
                report.Repaired(BlobPaths.Asset(tenant, asset.Hash));
                await TryCopyAsync(asset, cipher, cancellationToken).ConfigureAwait(false);
            }
        }

        // What an asset names must be there first.
        await foreach (var (asset, there) in MatchAsync(tenant, cancellationToken).ConfigureAwait(false))
        {
            if (there is not null && !asset.Names.All(there.Names.Contains))
            {
                await target.Assets.ReserveAsync(asset, long.MaxValue, clock.GetUtcNow(), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Copies assets that came after <see cref="CopyAllAsync"/>; what they name follows with the next run.</summary>
    public async ValueTask CopyMissingAsync(TenantId tenant, IReadOnlyList<ContentHash> hashes, CancellationToken cancellationToken)
    {
        foreach (var page in hashes.Chunk(SideBySide.PageSize))
        {
            var there = await target.Assets.TouchAsync(tenant, page, clock.GetUtcNow(), cancellationToken).ConfigureAwait(false);
            foreach (var hash in page.Except(there))
            {
                using var cipher = await target.TenantCiphers.GetAssetCipherAsync(tenant, cancellationToken).ConfigureAwait(false);
                await TryCopyAsync(new() { Tenant = tenant, Hash = hash, Bytes = 0 }, cipher, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private IAsyncEnumerable<(AssetEntry Source, AssetEntry? Target)> MatchAsync(TenantId tenant, CancellationToken cancellationToken) =>
        SideBySide.MatchAsync<AssetEntry>(
            after => source.Assets.ListAsync(tenant, after?.Hash, SideBySide.PageSize, cancellationToken),
            after => target.Assets.ListAsync(tenant, after?.Hash, SideBySide.PageSize, cancellationToken),
            static (a, b) => string.CompareOrdinal(a.Hash.Hex, b.Hash.Hex),
            cancellationToken);

    private async ValueTask TryCopyAsync(AssetEntry asset, IAssetCipher cipher, CancellationToken cancellationToken)
    {
        var key = BlobPaths.Asset(asset.Tenant, asset.Hash);
        try
        {
            using (var bytes = await ReadAsync(source.Blobs, key, cancellationToken).ConfigureAwait(false))
            {
                Open(asset.Hash, bytes, cipher);
                await ReserveAsync(asset with { Bytes = bytes.Length }, cancellationToken).ConfigureAwait(false);
                using var content = new MemoryStream(bytes.WrittenMemory.ToArray(), writable: false);
                await target.Blobs.PutAsync(key, content, content.Length, cancellationToken).ConfigureAwait(false);
                report.Wrote(content.Length);
            }

            if (!await IsAuthenticAsync(target.Blobs, asset, cipher, cancellationToken).ConfigureAwait(false))
            {
                throw new BlobStoreUnavailableException(
                    $"The target gives other bytes for {key} than were written. Check its disks, then run the command again.");
            }

            await target.Assets.ConfirmAsync(asset.Tenant, asset.Hash, cancellationToken).ConfigureAwait(false);
            report.CopiedAsset();
        }
        catch (BlobNotFoundException)
        {
            // Deleted since: no session names it any more.
        }
        catch (Exception e) when (e is FormatRejectedException or IOException)
        {
            report.Failed($"the asset {key}", e.Message);
        }
    }

    private async ValueTask ReserveAsync(AssetEntry asset, CancellationToken cancellationToken)
    {
        var reserved = await target.Assets.ReserveAsync(asset, long.MaxValue, clock.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        if (reserved != AssetReservation.Reserved)
        {
            throw new InvalidOperationException(
                $"The target is deleting the asset {asset.Hash}: is an application running on it? Stop it, then run the command again.");
        }
    }

    private static async ValueTask<bool> IsAuthenticAsync(
        IBlobStore blobs, AssetEntry asset, IAssetCipher cipher, CancellationToken cancellationToken)
    {
        try
        {
            using var bytes = await ReadAsync(blobs, BlobPaths.Asset(asset.Tenant, asset.Hash), cancellationToken).ConfigureAwait(false);
            Open(asset.Hash, bytes, cipher);
            return true;
        }
        catch (Exception e) when (e is FormatRejectedException or IOException or BlobNotFoundException)
        {
            return false;
        }
    }

    private static void Open(ContentHash hash, PooledBuffer asset, IAssetCipher cipher)
    {
        var length = (int)asset.Length - AssetHeader.Size - AssetHeader.TagSize;
        if (length < 0)
        {
            throw new FormatRejectedException("C1", "The object has not the form of an asset.");
        }

        using var payload = new PooledBuffer(SharedBuffers.Instance, length);
        var room = payload.GetMemory(length)[..length];
        payload.Advance(length);
        cipher.Open(hash, asset.WrittenSpan, room.Span);
    }

    private static async ValueTask<PooledBuffer> ReadAsync(IBlobStore blobs, string key, CancellationToken cancellationToken)
    {
        var stream = await blobs.OpenReadAsync(key, 0, null, cancellationToken).ConfigureAwait(false);
        await using var streamScope = stream.ConfigureAwait(false);
        if (stream.Length > MaxBytes)
        {
            throw new FormatRejectedException("C7", "The object is larger than an asset can be.");
        }

        var length = (int)stream.Length;
        var buffer = new PooledBuffer(SharedBuffers.Instance, length);
        try
        {
            await stream.ReadExactlyAsync(buffer.GetMemory(length)[..length], cancellationToken).ConfigureAwait(false);
            buffer.Advance(length);
            return buffer;
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }
}
