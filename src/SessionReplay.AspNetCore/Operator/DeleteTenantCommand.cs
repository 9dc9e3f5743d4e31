using Microsoft.Extensions.Options;
using SessionReplay.Audit;
using SessionReplay.Catalog;
using SessionReplay.Format;
using SessionReplay.Pipeline.Resilience;

namespace SessionReplay.AspNetCore.Operator;

/// <summary>
/// Deletes what remains of a tenant after its configuration was removed: its keys first, then sessions, assets and objects. It may be ended
/// and run again.
/// </summary>
internal sealed class DeleteTenantCommand(
    TenantDeletion deletion, [Guarded] ISessionLifecycle lifecycle, [Guarded] IAuditLog audit, IOptions<SessionReplayOptions> options,
    TimeProvider clock)
{
    public async Task<int> RunAsync(string name, bool confirmed, TextWriter output, CancellationToken cancellationToken)
    {
        if (!TenantId.TryParse(name, out var tenant))
        {
            return await output.SayAsync($"'{name}' cannot be the id of a tenant.", 1).ConfigureAwait(false);
        }

        if (options.Value.Tenants.Any(t => t.Id == name))
        {
            return await output.SayAsync(
                $"'{name}' is in SessionReplay:Tenants. Take it out of the configuration of all processes first: they would go on recording.", 1)
                .ConfigureAwait(false);
        }

        var (_, count) = await lifecycle.CountExpiredAsync(tenant, DateTimeOffset.MaxValue, cancellationToken).ConfigureAwait(false);
        await output.SayAsync($"'{name}' has {count} sessions.").ConfigureAwait(false);
        if (!confirmed)
        {
            return await output.SayAsync($"To delete them and all else of '{name}', run this again with --confirm. It cannot be undone.")
                .ConfigureAwait(false);
        }

        await audit.AppendAsync(
            new() { At = clock.GetUtcNow(), Actor = "session-replay", Action = "tenant.delete", Allowed = true, Outcome = "begun",
                Tenant = tenant },
            cancellationToken).ConfigureAwait(false);
        var destroyed = await deletion.DestroyKeysAsync(tenant, cancellationToken).ConfigureAwait(false);
        await output.SayAsync($"Destroyed {destroyed} keys.").ConfigureAwait(false);
        return await deletion.DeleteRestAsync(tenant, cancellationToken).ConfigureAwait(false)
            ? await output.SayAsync($"'{name}' is deleted. Its id can be used again after {SessionIdTime.TombstoneTime.TotalDays:0} days.")
                .ConfigureAwait(false)
            : await output.SayAsync($"The keys are destroyed; the rest could not be deleted yet. Run this again.", 1)
                .ConfigureAwait(false);
    }
}
