using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SessionReplay.AspNetCore.Operator.Copy;
using SessionReplay.Catalog;
using SessionReplay.Crypto.Rotation;
using SessionReplay.Keys;
using SessionReplay.Pipeline.Lifecycle;
using SessionReplay.Pipeline.Resilience;
using SessionReplay.Queues;
using SessionReplay.Storage;

namespace SessionReplay.AspNetCore.Operator;

/// <summary>What an operator does by hand.</summary>
internal sealed class OperatorCommands(
    [Guarded] IBlobStore blobs, KeyRotation rotation, [Guarded] IQueueMonitor monitor, IOptions<SessionReplayOptions> options,
    IServiceProvider services)
{
    private const string Usage =
        """
        session-replay set-up-storage            make the bucket or container; set its retention rules to those of the tenants
        session-replay rotate-keys               add a key-encryption key and wrap every data key with it
        session-replay rewrap-keys               wrap every data key with the current key-encryption key
        session-replay start-over [--confirm]    discard what a lost key ring has made unreadable, and create a new ring; without --confirm only count it
        session-replay verify-audit [row hash]   check the chain of the audit log, and that it still has a row noted earlier
        session-replay queue                     show how full the queue is
        session-replay dead-letters              list the messages that could not be stored
        session-replay redrive-dead-letters      put them back into the queue
        session-replay discard-dead-letters [--confirm]  remove them for good, the oldest 1,000 a run; without --confirm only count them
        session-replay copy --to TARGET          copy keys, recordings, assets and audit log to another configuration: a .json file, or a section;
                                                 run it again to copy what is new; with --verify read and check all that was copied before
        session-replay apply-retention TENANT    show what is past its retention; with --confirm destroy it, also where retention has stopped
        session-replay delete-tenant TENANT      show what is left of a tenant that is not configured any more; with --confirm destroy its keys, then delete the rest
        """;

    /// <summary>Registers adapters of the target of <c>copy</c> in code.</summary>
    public Action<ISessionReplayBuilder>? ConfigureTarget { get; set; }

    public async Task<int> RunAsync(string[] args, TextWriter output, CancellationToken cancellationToken)
    {
        try
        {
            return await DispatchAsync(args, output, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
            when (e is BlobStoreUnavailableException or KeyManagementException or KeyStoreUnavailableException
            or CatalogUnavailableException
            or QueueUnavailableException or InvalidOperationException)
        {
            return await output.SayAsync($"Failed: {e.Message}", 1).ConfigureAwait(false);
        }
    }

    private Task<int> DispatchAsync(string[] args, TextWriter output, CancellationToken cancellationToken) => args switch
    {
        ["set-up-storage"] => SetUpStorageAsync(output, cancellationToken),
        ["rotate-keys"] => ReportAsync(rotation.RotateAsync(cancellationToken), output),
        ["rewrap-keys"] => ReportAsync(rotation.RewrapAsync(cancellationToken), output),
        ["start-over", .. var confirm] when confirm is [] or ["--confirm"] =>
            Create<StartOverCommand>(ActivatorUtilities.CreateInstance<LostAssets>(services))
                .RunAsync(confirm.Length > 0, output, cancellationToken),
        ["verify-audit"] => Create<VerifyAuditCommand>().RunAsync(null, output, cancellationToken),
        ["verify-audit", var number, var hash] when long.TryParse(
            number, NumberStyles.None, CultureInfo.InvariantCulture, out var noted) && noted < long.MaxValue =>
            Create<VerifyAuditCommand>().RunAsync((noted, hash), output, cancellationToken),
        ["queue"] => ShowQueueAsync(output, cancellationToken),
        ["dead-letters"] => Create<DeadLetterCommands>().ListAsync(output, cancellationToken),
        ["redrive-dead-letters"] => Create<DeadLetterCommands>().RedriveAsync(output, cancellationToken),
        ["discard-dead-letters", .. var confirm] when confirm is [] or ["--confirm"] =>
            Create<DeadLetterCommands>().DiscardAsync(confirm.Length > 0, output, cancellationToken),
        ["apply-retention", var tenant, .. var confirm] when confirm is [] or ["--confirm"] =>
            Create<RetentionCommand>().RunAsync(tenant, confirm.Length > 0, output, cancellationToken),
        ["delete-tenant", var tenant, .. var confirm] when confirm is [] or ["--confirm"] =>
            Create<DeleteTenantCommand>(ActivatorUtilities.CreateInstance<TenantDeletion>(services))
                .RunAsync(tenant, confirm.Length > 0, output, cancellationToken),
        ["copy", "--to", var target, .. var verify] when verify is [] or ["--verify"] =>
            Create<CopyCommand>().RunAsync(target, verify.Length > 0, ConfigureTarget, output, cancellationToken),
        _ => output.SayAsync($"{Usage}", args.Length == 0 ? 0 : 2),
    };

    private T Create<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(params object[] parameters) =>
        ActivatorUtilities.CreateInstance<T>(services, parameters);

    private async Task<int> ShowQueueAsync(TextWriter output, CancellationToken cancellationToken)
    {
        var status = await monitor.GetStatusAsync(cancellationToken).ConfigureAwait(false);
        return await output.SayAsync(
            $"{status.Ready} ready, {status.InFlight} in flight, {status.DeadLettered} dead letters, oldest {status.OldestAge?.ToString() ?? "none"}")
            .ConfigureAwait(false);
    }

    private static async Task<int> ReportAsync(ValueTask<KeyRotationResult> rotated, TextWriter output)
    {
        var result = await rotated.ConfigureAwait(false);
        await output.SayAsync($"Wrapped {result.Rewrapped} keys again.").ConfigureAwait(false);
        foreach (var failed in result.Failed)
        {
            await output.SayAsync($"Not wrapped again: {failed.Id}. {failed.Reason}").ConfigureAwait(false);
        }

        if (result.Failed.Count == 0)
        {
            return 0;
        }

        if (result.Failed.Count == KeyRotation.MaxFailed)
        {
            return await output.SayAsync(
                $"Ended after {KeyRotation.MaxFailed} failures, before all keys were gone through: is it the right key ring? Keep every key-encryption key.", 1).ConfigureAwait(false);
        }

        return await output.SayAsync(
            $"Keep the key-encryption keys {string.Join(", ", result.Failed.Select(f => f.KeyEncryptionKeyId).Distinct())}: {result.Failed.Count} keys are still wrapped with them.",
            1).ConfigureAwait(false);
    }

    private async Task<int> SetUpStorageAsync(TextWriter output, CancellationToken cancellationToken)
    {
        // A day more than the application's own retention, which goes by the last batch and deletes keys and rows too. The path of a
        // session goes on with its year: what lies beside the years (assets, which many sessions share) is left alone.
        var rules = options.Value.Tenants.Select(t => new BlobRetentionRule($"{t.Id}/2", t.RetentionDays + 1)).ToList();
        try
        {
            var lines = await blobs.SetUpAsync(rules, cancellationToken).ConfigureAwait(false);
            foreach (var line in lines.Count > 0 ? lines : ["The blob store needs no set-up."])
            {
                await output.SayAsync($"{line}").ConfigureAwait(false);
            }

            return 0;
        }
        catch (NotSupportedException e)
        {
            return await output.SayAsync($"{e.Message}", 1).ConfigureAwait(false);
        }
    }
}
