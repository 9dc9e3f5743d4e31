using SessionReplay.Audit;

namespace SessionReplay.AspNetCore.Operator.Copy;

/// <summary>Copies the audit log row by row as it is, so that its chain goes on at the target.</summary>
internal sealed class AuditCopy(CopyEnd source, CopyEnd target, TimeProvider clock, CopyReport report)
{
    /// <summary>Notes the copy in the source's log, and checks that the target's is the beginning of it.</summary>
    /// <param name="name">What the operator called the target.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="InvalidOperationException">The target is the source, or has rows of its own: it was used.</exception>
    public async ValueTask BeginAsync(string name, CancellationToken cancellationToken)
    {
        await CheckBeginningAsync(cancellationToken).ConfigureAwait(false);
        await source.Audit.AppendAsync(
            new()
            {
                At = clock.GetUtcNow(), Actor = "session-replay", Action = "recordings.copy", Allowed = true, Outcome = "begun",
                Detail = $"to={name}",
            },
            cancellationToken).ConfigureAwait(false);
        var here = await LastAsync(source, null, cancellationToken).ConfigureAwait(false);
        var there = await LastAsync(target, null, cancellationToken).ConfigureAwait(false);
        if (there is not null && there.Number >= here!.Number)
        {
            throw new InvalidOperationException(
                "The target has the same catalog as the source. To add or change a blob store alone, use replicated storage.");
        }
    }

    /// <summary>Appends the rows that the target does not have, and checks the whole chain there.</summary>
    public async ValueTask CopyAsync(CancellationToken cancellationToken)
    {
        var end = (await LastAsync(source, null, cancellationToken).ConfigureAwait(false))?.Number ?? 0;
        var next = await FindNextAsync(cancellationToken).ConfigureAwait(false);
        while (next <= end)
        {
            var limit = (int)Math.Min(SideBySide.PageSize, end - next + 1);
            var newestFirst = await source.Audit.ListAsync(null, next + limit, limit, cancellationToken).ConfigureAwait(false);
            IReadOnlyList<AuditRow> rows = [.. newestFirst.Reverse()];
            if (rows.Count == 0 || rows[0].Number != next
                || !await target.AuditRows.TryAppendAsync(rows, cancellationToken).ConfigureAwait(false))
            {
                var broken = await source.Audit.FindBreakAsync(cancellationToken).ConfigureAwait(false);
                report.Failed(
                    $"the audit log from row {next} on",
                    broken is null
                        ? "Another copy has written to the target at the same time."
                        : $"It is broken at row {broken.Number}. {broken.Reason}");
                return;
            }

            report.AuditRows += rows.Count;
            next += rows.Count;
        }

        if (await target.Audit.FindBreakAsync(cancellationToken).ConfigureAwait(false) is { } there)
        {
            report.Failed("the audit log", $"The target's is broken at row {there.Number}. {there.Reason}");
        }
    }

    /// <summary>Begins an empty target where the source begins.</summary>
    private async ValueTask<long> FindNextAsync(CancellationToken cancellationToken)
    {
        if (await LastAsync(target, null, cancellationToken).ConfigureAwait(false) is { } there)
        {
            return there.Number + 1;
        }

        var start = await source.AuditStart.ReadStartAsync(cancellationToken).ConfigureAwait(false);
        if (start.Number > 0)
        {
            await target.AuditRows.TryStartAsync(start, cancellationToken).ConfigureAwait(false);
        }

        return (await target.AuditStart.ReadStartAsync(cancellationToken).ConfigureAwait(false)).Number + 1;
    }

    private static async ValueTask<AuditRow?> LastAsync(CopyEnd end, long? before, CancellationToken cancellationToken) =>
        (await end.Audit.ListAsync(null, before, 1, cancellationToken).ConfigureAwait(false)).FirstOrDefault();

    private async ValueTask CheckBeginningAsync(CancellationToken cancellationToken)
    {
        if (await LastAsync(target, null, cancellationToken).ConfigureAwait(false) is not { } there)
        {
            return;
        }

        var start = await source.AuditStart.ReadStartAsync(cancellationToken).ConfigureAwait(false);
        if (there.Number < start.Number)
        {
            throw new InvalidOperationException(
                $"The source has removed audit rows up to row {start.Number} because of their age, and the target has only rows up to {there.Number}. "
                + "Copy to a configuration that is empty.");
        }

        if (there.Number == start.Number && there.Hash.Span.SequenceEqual(start.Hash.Span))
        {
            return;
        }

        var here = await LastAsync(source, there.Number + 1, cancellationToken).ConfigureAwait(false);
        if (here?.Number != there.Number || !here.Hash.Span.SequenceEqual(there.Hash.Span))
        {
            throw new InvalidOperationException(
                $"The target's audit log has rows of its own, up to row {there.Number}: it is in use already. "
                + "Copy to a configuration that is empty, or a copy of this one.");
        }
    }
}
