using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SessionReplay.AspNetCore.Lifecycle;
using SessionReplay.AspNetCore.Resilience;
using SessionReplay.Catalog;

namespace SessionReplay.AspNetCore.Operator;

/// <summary>Shows what retention would delete of a tenant, and deletes it when the operator confirms.</summary>
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

        if (services.GetService<RetentionSweep>() is not { } sweep)
        {
            await output.WriteLineAsync("This process has no role that applies retention. Add 'Worker' to SessionReplay:Roles.").ConfigureAwait(false);
            return 1;
        }

        var (due, all) = await lifecycle.CountExpiredAsync(new(name), sweep.DueBefore(tenant), cancellationToken).ConfigureAwait(false);
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"It is {clock.GetUtcNow():O}. {due} of {all} sessions of '{name}' are older than {tenant.RetentionDays} days.")).ConfigureAwait(false);
        if (!confirmed)
        {
            await output.WriteLineAsync("If the time is right and they may be destroyed, run this again with --confirm.").ConfigureAwait(false);
            return 0;
        }

        await sweep.RunConfirmedAsync(new TenantId(name), cancellationToken).ConfigureAwait(false);
        var (left, _) = await lifecycle.CountExpiredAsync(new(name), sweep.DueBefore(tenant), cancellationToken).ConfigureAwait(false);
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"The keys of {due - left} sessions are destroyed; workers delete what is left of their objects.")).ConfigureAwait(false);
        return left == 0 ? 0 : 1;
    }
}
