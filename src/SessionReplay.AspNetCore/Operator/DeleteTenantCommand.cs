using System.Globalization;
using Microsoft.Extensions.Options;
using SessionReplay.AspNetCore.Lifecycle;
using SessionReplay.AspNetCore.Resilience;
using SessionReplay.Audit;
using SessionReplay.Catalog;
using SessionReplay.Keys;
using SessionReplay.Storage;

namespace SessionReplay.AspNetCore.Operator;

/// <summary>
/// Deletes all that is left of a tenant that is no longer configured: its keys first, then sessions, assets and objects. It may be ended and run again.
/// </summary>
internal sealed class DeleteTenantCommand(
    [Guarded] IKeyLifecycle keyList, [Guarded] IKeyStore keys, [Guarded] ISessionLifecycle lifecycle, SessionDeletion sessions, AssetDeletion assets,
    [Guarded] IBlobStore blobs, [Guarded] IAuditLog audit, IOptions<SessionReplayOptions> options, TimeProvider clock)
{
    private const int BatchSize = 500;

    // The metadata key first: without it no facts key opens.
    private static readonly DataKeyPurpose[] Purposes = [DataKeyPurpose.Metadata, DataKeyPurpose.Session, DataKeyPurpose.Asset];

    public async Task<int> RunAsync(string name, bool confirmed, TextWriter output, CancellationToken cancellationToken)
    {
        if (!TenantId.TryParse(name, out var tenant))
        {
            return await SayAsync(output, $"'{name}' cannot be the id of a tenant.", 1).ConfigureAwait(false);
        }

        if (options.Value.Tenants.Any(t => t.Id == name))
        {
            return await SayAsync(
                output, $"'{name}' is in SessionReplay:Tenants. Take it out of the configuration of all processes first: they would go on recording.", 1)
                .ConfigureAwait(false);
        }

        var (_, count) = await lifecycle.CountExpiredAsync(tenant, DateTimeOffset.MaxValue, cancellationToken).ConfigureAwait(false);
        await SayAsync(output, $"'{name}' has {count} sessions.", 0).ConfigureAwait(false);
        if (!confirmed)
        {
            return await SayAsync(output, $"To delete them and all else of '{name}', run this again with --confirm. It cannot be undone.", 0).ConfigureAwait(false);
        }

        await audit.AppendAsync(
            new() { At = clock.GetUtcNow(), Actor = "session-replay", Action = "tenant.delete", Allowed = true, Outcome = "begun", Tenant = tenant },
            cancellationToken).ConfigureAwait(false);
        var destroyed = await DestroyKeysAsync(tenant, cancellationToken).ConfigureAwait(false);
        await SayAsync(output, $"Destroyed {destroyed} keys.", 0).ConfigureAwait(false);
        var isDone = await DeleteSessionsAsync(tenant, cancellationToken).ConfigureAwait(false);
        await assets.DeleteUnusedAsync(tenant, DateTimeOffset.MaxValue, DateTimeOffset.MaxValue, cancellationToken).ConfigureAwait(false);
        await DeleteObjectsAsync(tenant, cancellationToken).ConfigureAwait(false);
        return isDone
            ? await SayAsync(output, $"'{name}' is deleted. Its id can be used again after {SessionIdTime.TombstoneTime.TotalDays:0} days.", 0).ConfigureAwait(false)
            : await SayAsync(output, $"The keys are destroyed; the rest could not be deleted yet. Run this again.", 1).ConfigureAwait(false);
    }

    private static async ValueTask<int> SayAsync(TextWriter output, FormattableString text, int exitCode)
    {
        await output.WriteLineAsync(text.ToString(CultureInfo.InvariantCulture)).ConfigureAwait(false);
        return exitCode;
    }

    private async ValueTask<int> DestroyKeysAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        var destroyed = 0;
        foreach (var purpose in Purposes)
        {
            while (await keyList.ListKeysAsync(tenant, purpose, DateTimeOffset.MaxValue, null, BatchSize, cancellationToken).ConfigureAwait(false) is { Count: > 0 } page)
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

    private async ValueTask<bool> DeleteSessionsAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        while (await lifecycle.ListExpiredAsync(tenant, DateTimeOffset.MaxValue, BatchSize, cancellationToken).ConfigureAwait(false) is { Count: > 0 } page)
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
