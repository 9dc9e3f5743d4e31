using SessionReplay.Catalog;
using SessionReplay.Format;
using SessionReplay.Keys;
using SessionReplay.Storage;

namespace SessionReplay.AspNetCore.Operator.Copy;

/// <summary>
/// Copies a tenant's assets as they are uploaded: a row that reserves room, the object, and the row says that it is there.
/// Each is opened before it is written, so that what is at the target is authentic.
/// </summary>
internal sealed class AssetCopy(CopyEnd source, CopyEnd target, KeyCopy keys, TimeProvider clock, CopyReport report, bool verifyAll)
{
    /// <summary>No asset is larger, whatever the options say.</summary>
    private const long MaxBytes = 256L * 1024 * 1024;

    public async ValueTask CopyAllAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        await foreach (var (asset, there) in MatchAsync(tenant, cancellationToken).ConfigureAwait(false))
        {
            if (there is null)
            {
                await TryCopyAsync(asset with { Names = [] }, cancellationToken).ConfigureAwait(false);
            }
            else if (verifyAll && !await IsAuthenticAsync(there, cancellationToken).ConfigureAwait(false))
            {
                report.Repaired(BlobPaths.Asset(tenant, asset.Key));
                await TryCopyAsync(asset, cancellationToken).ConfigureAwait(false);
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
    public async ValueTask CopyMissingAsync(SessionRef session, IReadOnlyList<ContentHash> hashes, CancellationToken cancellationToken)
    {
        foreach (var page in hashes.Chunk(SideBySide.PageSize))
        {
            var there = await target.Assets.TouchAsync(session.Tenant, page, clock.GetUtcNow(), cancellationToken).ConfigureAwait(false);
            var missing = await source.Assets.FindKeysAsync(session, [.. page.Except(there)], cancellationToken).ConfigureAwait(false);
            foreach (var (hash, key) in missing)
            {
                await TryCopyAsync(new() { Tenant = session.Tenant, Hash = hash, Key = key, Bytes = 0 }, cancellationToken)
                    .ConfigureAwait(false);
            }
        }
    }

    private IAsyncEnumerable<(AssetEntry Source, AssetEntry? Target)> MatchAsync(TenantId tenant, CancellationToken cancellationToken) =>
        SideBySide.MatchAsync<AssetEntry>(
            after => source.Assets.ListAsync(tenant, after?.Hash, SideBySide.PageSize, cancellationToken),
            after => target.Assets.ListAsync(tenant, after?.Hash, SideBySide.PageSize, cancellationToken),
            static (a, b) => string.CompareOrdinal(a.Hash.Hex, b.Hash.Hex),
            cancellationToken);

    private async ValueTask TryCopyAsync(AssetEntry asset, CancellationToken cancellationToken)
    {
        var path = BlobPaths.Asset(asset.Tenant, asset.Key);
        try
        {
            await keys.CopyAsync(DataKeyId.OfAsset(asset.Tenant, asset.Key), cancellationToken).ConfigureAwait(false);
            using (var bytes = await ReadAsync(source.Blobs, path, cancellationToken).ConfigureAwait(false))
            {
                await OpenAsync(asset, bytes, cancellationToken).ConfigureAwait(false);
                await ReserveAsync(asset with { Bytes = bytes.Length }, cancellationToken).ConfigureAwait(false);
                using var content = new MemoryStream(bytes.WrittenMemory.ToArray(), writable: false);
                await target.Blobs.PutAsync(path, content, content.Length, cancellationToken).ConfigureAwait(false);
                report.Wrote(content.Length);
            }

            await ReadBackAsync(asset, cancellationToken).ConfigureAwait(false);
            await target.Assets.ConfirmAsync(asset, null, cancellationToken).ConfigureAwait(false);
            report.CopiedAsset();
        }
        catch (Exception e) when (e is BlobNotFoundException or KeyDeletedException)
        {
            // Deleted since: no session names it any more.
        }
        catch (Exception e) when (e is FormatRejectedException or IOException or KeyManagementException { IsPermanent: true })
        {
            report.Failed($"the asset {path}", e.Message);
        }
    }

    /// <exception cref="BlobStoreUnavailableException">The target gives other bytes than were written.</exception>
    /// <exception cref="IOException">They could not be read twice in a row.</exception>
    private async ValueTask ReadBackAsync(AssetEntry asset, CancellationToken cancellationToken)
    {
        var path = BlobPaths.Asset(asset.Tenant, asset.Key);
        try
        {
            using var bytes = await ReadAgainAsync(path, cancellationToken).ConfigureAwait(false);
            await OpenAsync(asset, bytes, cancellationToken).ConfigureAwait(false);
        }
        catch (FormatRejectedException e)
        {
            throw new BlobStoreUnavailableException(
                $"The target gives other bytes for {path} than were written. Check its disks, then run the command again.", e);
        }
    }

    /// <summary>A connection that broke says nothing of the bytes.</summary>
    private async ValueTask<PooledBuffer> ReadAgainAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(target.Blobs, path, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException)
        {
            return await ReadAsync(target.Blobs, path, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask ReserveAsync(AssetEntry asset, CancellationToken cancellationToken)
    {
        var room = await target.Assets.ReserveAsync(asset, long.MaxValue, clock.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        if (room != new AssetRoom(AssetReservation.Reserved, asset.Key))
        {
            throw new InvalidOperationException(
                $"The target is deleting the asset {asset.Hash} or has one of its own: is an application running on it? "
                + "Stop it, then run the command again.");
        }
    }

    private async ValueTask<bool> IsAuthenticAsync(AssetEntry asset, CancellationToken cancellationToken)
    {
        try
        {
            using var bytes = await ReadAsync(target.Blobs, BlobPaths.Asset(asset.Tenant, asset.Key), cancellationToken)
                .ConfigureAwait(false);
            await OpenAsync(asset, bytes, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is FormatRejectedException or IOException or BlobNotFoundException or KeyDeletedException)
        {
            return false;
        }
    }

    private async ValueTask OpenAsync(AssetEntry asset, PooledBuffer bytes, CancellationToken cancellationToken)
    {
        using var cipher = await target.TenantCiphers.GetAssetCipherAsync(asset.Tenant, asset.Key, cancellationToken).ConfigureAwait(false);
        var length = (int)bytes.Length - AssetHeader.Size - AssetHeader.TagSize;
        if (length < 0)
        {
            throw new FormatRejectedException("C1", "The object has not the form of an asset.");
        }

        using var payload = new PooledBuffer(SharedBufferPool.Instance, length);
        var room = payload.GetMemory(length)[..length];
        payload.Advance(length);
        cipher.Open(asset.Hash, bytes.WrittenSpan, room.Span);
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
        var buffer = new PooledBuffer(SharedBufferPool.Instance, length);
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
