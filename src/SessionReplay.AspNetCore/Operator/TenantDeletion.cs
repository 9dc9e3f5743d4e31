using SessionReplay.Catalog;
using SessionReplay.Keys;
using SessionReplay.Pipeline.Lifecycle;
using SessionReplay.Pipeline.Resilience;
using SessionReplay.Storage;

namespace SessionReplay.AspNetCore.Operator;

/// <summary>The steps in which a tenant is deleted; each can be repeated.</summary>
internal sealed class TenantDeletion(
    [Guarded] IKeyLifecycle keyList, [Guarded] IKeyStore keys, [Guarded] ISessionLifecycle lifecycle, SessionDeletion sessions,
    AssetDeletion assets, [Guarded] IBlobStore blobs)
{
    private const int BatchSize = 500;

    // The metadata key first: without it no facts key opens.
    private static readonly DataKeyPurpose[] Purposes = [DataKeyPurpose.Metadata, DataKeyPurpose.Session, DataKeyPurpose.Asset];

    /// <returns>How many keys were destroyed.</returns>
    public async ValueTask<int> DestroyKeysAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        var destroyed = 0;
        foreach (var purpose in Purposes)
        {
            while (await keyList.ListKeysAsync(tenant, purpose, DateTimeOffset.MaxValue, null, BatchSize, cancellationToken)
                .ConfigureAwait(false) is { Count: > 0 } page)
            {
                foreach (var key in page)
                {
                    await keys.DeleteAsync(key, cancellationToken).ConfigureAwait(false);
                    destroyed++;
                }
            }
        }

        return destroyed;
    }

    /// <summary>Deletes sessions, assets and objects.</summary>
    /// <returns>Whether all sessions are deleted; if not, run it again.</returns>
    public async ValueTask<bool> DeleteRestAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        var isDone = await DeleteSessionsAsync(tenant, cancellationToken).ConfigureAwait(false);
        await assets.DeleteUnusedAsync(tenant, DateTimeOffset.MaxValue, DateTimeOffset.MaxValue, cancellationToken).ConfigureAwait(false);
        await DeleteObjectsAsync(tenant, cancellationToken).ConfigureAwait(false);
        return isDone;
    }

    private async ValueTask<bool> DeleteSessionsAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        while (await lifecycle.ListExpiredAsync(tenant, DateTimeOffset.MaxValue, BatchSize, cancellationToken)
            .ConfigureAwait(false) is { Count: > 0 } page)
        {
            foreach (var row in page)
            {
                await sessions.DeleteAsync(row.Session, "tenant", cancellationToken).ConfigureAwait(false);
            }
        }

        var isDone = true;
        IReadOnlyList<SessionRow> begun;
        SessionId? after = null;
        do
        {
            begun = await lifecycle.ListDeletingAsync(tenant, after, BatchSize, cancellationToken).ConfigureAwait(false);
            foreach (var row in begun)
            {
                after = row.Session.Session;
                isDone &= await sessions.TryFinishAsync(row.Session, row, "tenant", cancellationToken).ConfigureAwait(false);
            }
        }
        while (begun.Count == BatchSize);

        return isDone;
    }

    /// <summary>What crashes have left.</summary>
    private async ValueTask DeleteObjectsAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        var page = new List<string>(BatchSize);
        await foreach (var blob in blobs.ListAsync($"{tenant}/", cancellationToken).ConfigureAwait(false))
        {
            page.Add(blob.Key);
            if (page.Count == BatchSize)
            {
                await blobs.DeleteAsync(page, cancellationToken).ConfigureAwait(false);
                page.Clear();
            }
        }

        await blobs.DeleteAsync(page, cancellationToken).ConfigureAwait(false);
    }
}
