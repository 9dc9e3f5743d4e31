using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SessionReplay.AspNetCore.Operator.Copy;
using SessionReplay.AspNetCore.Resilience;
using SessionReplay.Audit;
using SessionReplay.Catalog;
using SessionReplay.Crypto.Rotation;
using SessionReplay.Keys;
using SessionReplay.Queues;
using SessionReplay.Storage;

namespace SessionReplay.AspNetCore.Operator;

/// <summary>What an operator does by hand.</summary>
internal sealed class OperatorCommands(
    [Guarded] IBlobStore blobs, KeyRotation rotation, KeyStartOver startOver, [Guarded] IAuditLog audit, [Guarded] IDeadLetterQueue deadLetters,
    [Guarded] IQueueMonitor monitor, IOptions<SessionReplayOptions> options, IServiceProvider services)
{
    private const string Usage =
        """
        session-replay set-up-storage            make the bucket or container; set its retention rules to those of the tenants
        session-replay rotate-keys               add a key-encryption key and wrap every data key with it
        session-replay rewrap-keys               wrap every data key with the current key-encryption key
        session-replay start-over [--confirm]    discard what a lost key ring has made unreadable, and create a new ring; without --confirm only count it
        session-replay verify-audit [row hash]   check the chain of the audit log, and that it still has a row noted earlier
        session-replay queue                     tell how full the queue is
        session-replay dead-letters              list the messages that were set aside
        session-replay redrive-dead-letters      put them back into the queue
        session-replay discard-dead-letters [--confirm]  remove them for good, the oldest 1,000 a run; without --confirm only count them
        session-replay copy --to TARGET          copy keys, recordings, assets and audit log to another configuration: a .json file, or a section;
                                                 run it again to copy what is new; with --verify read and check all that was copied before
        session-replay apply-retention TENANT    show what is past its retention; with --confirm destroy it, also where retention has stopped
        session-replay delete-tenant TENANT      show what is left of a tenant that is not configured any more; with --confirm destroy its keys, then delete the rest
        """;

    /// <summary>Registers parts of the target of <c>copy</c> in code.</summary>
    public Action<ISessionReplayBuilder>? ConfigureTarget { get; set; }

    public async Task<int> RunAsync(string[] args, TextWriter output, CancellationToken cancellationToken)
    {
        try
        {
            switch (args)
            {
                case ["set-up-storage"]:
                    return await SetUpStorageAsync(output, cancellationToken).ConfigureAwait(false);
                case ["rotate-keys"]:
                    return await SayAsync(await rotation.RotateAsync(cancellationToken).ConfigureAwait(false), output).ConfigureAwait(false);
                case ["rewrap-keys"]:
                    return await SayAsync(await rotation.RewrapAsync(cancellationToken).ConfigureAwait(false), output).ConfigureAwait(false);
                case ["start-over"]:
                    return await SayAsync(await startOver.CountAsync(cancellationToken).ConfigureAwait(false), false, output).ConfigureAwait(false);
                case ["start-over", "--confirm"]:
                    return await SayAsync(await startOver.RunAsync(cancellationToken).ConfigureAwait(false), true, output).ConfigureAwait(false);
                case ["verify-audit"]:
                    return await VerifyAuditAsync(null, output, cancellationToken).ConfigureAwait(false);
                case ["verify-audit", var number, var hash] when long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var noted) && noted < long.MaxValue:
                    return await VerifyAuditAsync((noted, hash), output, cancellationToken).ConfigureAwait(false);
                case ["queue"]:
                    var status = await monitor.GetStatusAsync(cancellationToken).ConfigureAwait(false);
                    return await SayAsync(
                        output,
                        $"{status.Ready} ready, {status.InFlight} in flight, {status.DeadLettered} dead letters, oldest {status.OldestAge?.ToString() ?? "none"}")
                        .ConfigureAwait(false);
                case ["dead-letters"]:
                    return await ListDeadLettersAsync(output, cancellationToken).ConfigureAwait(false);
                case ["redrive-dead-letters"]:
                    var redriven = await deadLetters.RedriveAsync(1000, cancellationToken).ConfigureAwait(false);
                    return await SayAsync(output, $"Put {redriven} messages back.").ConfigureAwait(false);
                case ["discard-dead-letters", .. var confirm] when confirm is [] or ["--confirm"]:
                    return await DiscardDeadLettersAsync(confirm.Length > 0, output, cancellationToken).ConfigureAwait(false);
                case ["apply-retention", var tenant, .. var confirm] when confirm is [] or ["--confirm"]:
                    return await ActivatorUtilities.CreateInstance<RetentionCommand>(services).RunAsync(tenant, confirm.Length > 0, output, cancellationToken).ConfigureAwait(false);
                case ["delete-tenant", var tenant, .. var confirm] when confirm is [] or ["--confirm"]:
                    return await ActivatorUtilities.CreateInstance<DeleteTenantCommand>(services).RunAsync(tenant, confirm.Length > 0, output, cancellationToken).ConfigureAwait(false);
                case ["copy", "--to", var target, .. var verify] when verify is [] or ["--verify"]:
                    return await ActivatorUtilities.CreateInstance<CopyCommand>(services)
                        .RunAsync(target, verify.Length > 0, ConfigureTarget, output, cancellationToken).ConfigureAwait(false);
                default:
                    await output.WriteLineAsync(Usage).ConfigureAwait(false);
                    return args.Length == 0 ? 0 : 2;
            }
        }
        catch (Exception e) when (e is BlobStoreUnavailableException or KeyManagementException or KeyStoreUnavailableException or CatalogUnavailableException
            or QueueUnavailableException or InvalidOperationException)
        {
            return await SayAsync(output, $"Failed: {e.Message}", 1).ConfigureAwait(false);
        }
    }

    private static async ValueTask<int> SayAsync(TextWriter output, FormattableString text, int exitCode = 0)
    {
        await output.WriteLineAsync(text.ToString(CultureInfo.InvariantCulture)).ConfigureAwait(false);
        return exitCode;
    }

    private static async ValueTask<int> SayAsync(KeyRotationResult result, TextWriter output)
    {
        await SayAsync(output, $"Wrapped {result.Rewrapped} keys again.").ConfigureAwait(false);
        foreach (var failed in result.Failed)
        {
            await SayAsync(output, $"Not wrapped again: {failed.Id}. {failed.Reason}").ConfigureAwait(false);
        }

        if (result.Failed.Count == 0)
        {
            return 0;
        }

        if (result.Failed.Count == KeyRotation.MostFailed)
        {
            return await SayAsync(output, $"Ended after {KeyRotation.MostFailed} failures, before all keys were gone through: is it the right key ring? Keep every key-encryption key.", 1).ConfigureAwait(false);
        }

        return await SayAsync(
            output,
            $"Keep the key-encryption keys {string.Join(", ", result.Failed.Select(f => f.KeyEncryptionKeyId).Distinct())}: {result.Failed.Count} keys are still wrapped with them.",
            1).ConfigureAwait(false);
    }

    private static async ValueTask<int> SayAsync(KeyStartOverResult result, bool done, TextWriter output)
    {
        if (result.BrokenRing is { } broken)
        {
            await SayAsync(output, $"The key ring that could not be read is now {broken}.").ConfigureAwait(false);
        }

        await SayAsync(
            output,
            $"{(done ? "Discarded" : "Would discard")} the keys of {result.Sessions} sessions and {result.TenantKeys} keys of tenants; {result.Readable} keys can be read and stay.")
            .ConfigureAwait(false);
        return done
            ? await SayAsync(output, $"Back up the key ring, then start the processes.").ConfigureAwait(false)
            : await SayAsync(output, $"To do it, stop all processes and run 'session-replay start-over --confirm'. It cannot be undone.").ConfigureAwait(false);
    }

    private async Task<int> SetUpStorageAsync(TextWriter output, CancellationToken cancellationToken)
    {
        if (blobs is not IBlobStoreSetup setup)
        {
            return await SayAsync(output, $"The blob store needs no set-up.").ConfigureAwait(false);
        }

        // A day more than the application's own retention, which goes by the last batch and deletes keys and rows too. The path of a session goes on
        // with its year: what lies beside the years (assets, which many sessions share) is left alone.
        var rules = options.Value.Tenants.Select(t => new BlobRetentionRule($"{t.Id}/2", t.RetentionDays + 1)).ToList();
        try
        {
            foreach (var line in await setup.SetUpAsync(rules, cancellationToken).ConfigureAwait(false))
            {
                await SayAsync(output, $"{line}").ConfigureAwait(false);
            }

            return 0;
        }
        catch (NotSupportedException e)
        {
            return await SayAsync(output, $"{e.Message}", 1).ConfigureAwait(false);
        }
    }

    /// <summary>The chain alone shows what was changed within it, not that its end was cut off or that all of it was written anew.</summary>
    private async Task<int> VerifyAuditAsync((long Number, string Hash)? noted, TextWriter output, CancellationToken cancellationToken)
    {
        if (await audit.FindBreakAsync(cancellationToken).ConfigureAwait(false) is { } broken)
        {
            return await SayAsync(output, $"The audit log is broken at row {broken.Number}. {broken.Reason}", 1).ConfigureAwait(false);
        }

        if (noted is var (number, hash) && await FindAuditRowAsync(number + 1, cancellationToken).ConfigureAwait(false) is var row
            && (row?.Number != number || !string.Equals(Convert.ToHexString(row.Hash.Span), hash, StringComparison.OrdinalIgnoreCase)))
        {
            return await SayAsync(output, $"The audit log has no row {number} with that hash: it was cut off or written anew.", 1).ConfigureAwait(false);
        }

        await SayAsync(output, $"The audit log is whole.").ConfigureAwait(false);
        return await FindAuditRowAsync(null, cancellationToken).ConfigureAwait(false) is { } last
            ? await SayAsync(output, $"Last row: {last.Number} {Convert.ToHexStringLower(last.Hash.Span)}").ConfigureAwait(false)
            : 0;
    }

    private async ValueTask<AuditRow?> FindAuditRowAsync(long? before, CancellationToken cancellationToken) =>
        (await audit.ListAsync(null, before, 1, cancellationToken).ConfigureAwait(false)).FirstOrDefault();

    private async Task<int> DiscardDeadLettersAsync(bool confirmed, TextWriter output, CancellationToken cancellationToken)
    {
        if (!confirmed)
        {
            var letters = await deadLetters.ListAsync(1000, cancellationToken).ConfigureAwait(false);
            return await SayAsync(output, $"Would remove {letters.Count} messages. To do it, add --confirm. It cannot be undone.").ConfigureAwait(false);
        }

        var removed = await deadLetters.DiscardAsync(DateTimeOffset.MaxValue, 1000, cancellationToken).ConfigureAwait(false);
        return await SayAsync(output, $"Removed {removed} messages.").ConfigureAwait(false);
    }

    private async Task<int> ListDeadLettersAsync(TextWriter output, CancellationToken cancellationToken)
    {
        foreach (var letter in await deadLetters.ListAsync(1000, cancellationToken).ConfigureAwait(false))
        {
            await SayAsync(output, $"{letter.DeadLetteredAt:O} {letter.MessageId} {letter.Bytes} bytes, {letter.Attempts} attempts: {letter.Reason}").ConfigureAwait(false);
        }

        return 0;
    }
}
