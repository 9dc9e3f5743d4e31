using SessionReplay.Audit;
using SessionReplay.Pipeline.Resilience;

namespace SessionReplay.AspNetCore.Operator;

/// <summary>Checks the chain of the audit log.</summary>
internal sealed class VerifyAuditCommand([Guarded] IAuditLog audit, [Guarded] IAuditLifecycle auditStart)
{
    /// <summary>
    /// The chain alone shows what was changed within it, not that its end was cut off or that all of it was written again.
    /// </summary>
    public async Task<int> RunAsync((long Number, string Hash)? noted, TextWriter output, CancellationToken cancellationToken)
    {
        if (await audit.FindBreakAsync(cancellationToken).ConfigureAwait(false) is { } broken)
        {
            return await output.SayAsync($"The audit log is broken at row {broken.Number}. {broken.Reason}", 1).ConfigureAwait(false);
        }

        var start = await auditStart.ReadStartAsync(cancellationToken).ConfigureAwait(false);
        if (noted is { } old && old.Number < start.Number)
        {
            return await output.SayAsync(
                $"Row {old.Number} was removed because of its age: the log begins behind row {start.Number}. Give a row that was noted later.", 1)
                .ConfigureAwait(false);
        }

        if (noted is var (number, hash) && await FindAuditRowAsync(number + 1, cancellationToken).ConfigureAwait(false) is var row
            && (row?.Number != number || !string.Equals(Convert.ToHexString(row.Hash.Span), hash, StringComparison.OrdinalIgnoreCase)))
        {
            return await output.SayAsync($"The audit log has no row {number} with that hash: it was cut off or written again.", 1)
                .ConfigureAwait(false);
        }

        await output.SayAsync($"The audit log is whole.").ConfigureAwait(false);
        return await FindAuditRowAsync(null, cancellationToken).ConfigureAwait(false) is { } last
            ? await output.SayAsync($"Last row: {last.Number} {Convert.ToHexStringLower(last.Hash.Span)}").ConfigureAwait(false)
            : 0;
    }

    private async ValueTask<AuditRow?> FindAuditRowAsync(long? before, CancellationToken cancellationToken) =>
        (await audit.ListAsync(null, before, 1, cancellationToken).ConfigureAwait(false)).FirstOrDefault();
}
