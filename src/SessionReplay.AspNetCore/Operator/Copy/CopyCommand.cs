using System.Globalization;
using Microsoft.Extensions.Options;
using SessionReplay.Pipeline.Resilience;
using SessionReplay.Queues;

namespace SessionReplay.AspNetCore.Operator.Copy;

/// <summary>
/// Copies everything that is stored from the application's configuration to another, while the application records.
/// It may be ended and run again at any time: it goes on where it was, and takes what is new.
/// </summary>
internal sealed class CopyCommand(IServiceProvider services, [Guarded] IQueueMonitor queue, TimeProvider clock)
{
    /// <param name="name">The target: a JSON file or a section of the configuration.</param>
    /// <param name="verifyAll">Whether what was copied before is read and checked again.</param>
    /// <param name="configureTarget">Registers adapters of the target in code.</param>
    /// <param name="output">Takes what is printed.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<int> RunAsync(
        string name, bool verifyAll, Action<ISessionReplayBuilder>? configureTarget, TextWriter output, CancellationToken cancellationToken)
    {
        try
        {
            var provider = CopyTarget.Build(name, services, configureTarget);
            await using var providerScope = provider.ConfigureAwait(false);
            var report = new CopyReport(output);
            await CopyAsync(new("source", services), new("target", provider), name, verifyAll, report, cancellationToken)
                .ConfigureAwait(false);
            report.Summarize();
            await PrintQueueAsync(output, cancellationToken).ConfigureAwait(false);
            return report.HasFailures ? 1 : 0;
        }
        catch (OptionsValidationException e)
        {
            await output.WriteLineAsync($"Failed: the target's configuration is wrong. {string.Join(' ', e.Failures)}")
                .ConfigureAwait(false);
            return 1;
        }
    }

    private async ValueTask CopyAsync(
        CopyEnd source, CopyEnd target, string name, bool verifyAll, CopyReport report, CancellationToken cancellationToken)
    {
        var (keys, audit) = (new KeyCopy(source, target, report), new AuditCopy(source, target, clock, report));
        await audit.BeginAsync(name, cancellationToken).ConfigureAwait(false);
        await keys.CopyAllAsync(cancellationToken).ConfigureAwait(false);
        var assets = new AssetCopy(source, target, keys, clock, report, verifyAll);
        foreach (var tenant in keys.AssetTenants)
        {
            await assets.CopyAllAsync(tenant, cancellationToken).ConfigureAwait(false);
        }

        await new SessionCopy(source, target, keys, assets, report, verifyAll).CopyAllAsync(cancellationToken).ConfigureAwait(false);
        await audit.CopyAsync(cancellationToken).ConfigureAwait(false);
        await new DeletionCopy(source, target, clock, report).CopyAllAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Queues are not copied: what is still in one is stored at the source first.</summary>
    private async ValueTask PrintQueueAsync(TextWriter output, CancellationToken cancellationToken)
    {
        var status = await queue.GetStatusAsync(cancellationToken).ConfigureAwait(false);
        await output.WriteLineAsync(status is { Ready: 0, InFlight: 0, DeadLettered: 0 }
            ? "The source's queue is empty."
            : string.Create(
                CultureInfo.InvariantCulture,
                $"The source's queue holds {status.Ready + status.InFlight} messages and {status.DeadLettered} dead letters, which are not copied: "
                + $"let the workers store them, then copy again."))
            .ConfigureAwait(false);
    }
}
