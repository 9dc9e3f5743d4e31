using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SessionReplay.Catalog;
using SessionReplay.Pipeline.Lifecycle;
using SessionReplay.Pipeline.Resilience;

namespace SessionReplay.AspNetCore.Operator;

/// <summary>
/// Shows what retention would delete of a tenant, and deletes it when the operator confirms; also assets that the catalog does not know.
/// </summary>
internal sealed class RetentionCommand(
    [Guarded] ISessionLifecycle lifecycle, IServiceProvider services, IOptions<SessionReplayOptions> options, TimeProvider clock)
{
    public async Task<int> RunAsync(string name, bool confirmed, TextWriter output, CancellationToken cancellationToken)
    {
        if (options.Value.Tenants.FirstOrDefault(t => t.Id == name) is not { } tenant)
        {
            await output.WriteLineAsync($"There is no tenant '{name}' in SessionReplay:Tenants.").ConfigureAwait(false);
            return 1;
        }

        if (services.GetService<ConfirmedRetention>() is not { } retention)
        {
            await output.WriteLineAsync("This process has no role that applies retention. Add 'Worker' to SessionReplay:Roles.")
                .ConfigureAwait(false);
            return 1;
        }

        var (due, all) = await lifecycle.CountExpiredAsync(new(name), retention.DueBefore(tenant), cancellationToken).ConfigureAwait(false);
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"It is {clock.GetUtcNow():O}. {due} of {all} sessions of '{name}' are older than {tenant.RetentionDays} days."))
            .ConfigureAwait(false);
        if (!confirmed)
        {
            await output.WriteLineAsync("If the time is right and they may be destroyed, run this again with --confirm.")
                .ConfigureAwait(false);
            return 0;
        }

        await retention.DeleteSessionsAsync(new TenantId(name), cancellationToken).ConfigureAwait(false);
        var (left, _) = await lifecycle.CountExpiredAsync(new(name), retention.DueBefore(tenant), cancellationToken).ConfigureAwait(false);
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"The keys of {due - left} sessions are destroyed; workers delete what is left of their objects."))
            .ConfigureAwait(false);
        var orphans = await retention.DeleteOrphanAssetsAsync(new TenantId(name), cancellationToken).ConfigureAwait(false);
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"{orphans} assets that the catalog does not know are destroyed.")).ConfigureAwait(false);
        return left == 0 ? 0 : 1;
    }
}
