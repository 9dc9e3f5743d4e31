using System.Data.Common;
using SessionReplay.Audit;

namespace SessionReplay.Storage;

/// <summary>
/// Reads rows of the audit log and checks their chain. All databases have the same columns; how a flag and an id are kept differ.
/// </summary>
/// <param name="readAllowed">Reads the flag.</param>
/// <param name="readSession">Reads the session's id.</param>
internal sealed class AuditRows(Func<DbDataReader, int, bool> readAllowed, Func<DbDataReader, int, Guid?> readSession)
{
    public const string Columns = "number, at, actor, action, allowed, outcome, tenant, session, remote_address, detail, hash";

    /// <summary>How many rows are checked at a time.</summary>
    public const int CheckBatch = 10_000;

    /// <exception cref="InvalidDataException">A column holds what the log never writes.</exception>
    public AuditRow Read(DbDataReader row) => new(
        row.GetInt64(0),
        new AuditEntry
        {
            At = Read(row, 1, static (r, column) => DateTimeOffset.FromUnixTimeMilliseconds(r.GetInt64(column))),
            Actor = Read(row, 2, static (r, column) => r.GetString(column)),
            Action = Read(row, 3, static (r, column) => r.GetString(column)),
            Allowed = Read(row, 4, readAllowed),
            Outcome = Read(row, 5, static (r, column) => r.GetString(column)),
            Tenant = Read(row, 6, static (r, column) => r.TextOrNull(column) is { } tenant ? new TenantId(tenant) : (TenantId?)null),
            Session = Read(row, 7, readSession) is { } session ? new SessionId(session) : null,
            RemoteAddress = Read(row, 8, static (r, column) => r.TextOrNull(column)),
            Detail = Read(row, 9, static (r, column) => r.TextOrNull(column)),
        },
        Read(row, 10, static (r, column) => r.Bytes(column)));

    /// <summary>Reads a row for <see cref="FindBreakAsync"/>, also one that cannot be read.</summary>
    public (long Number, AuditRow? Row, string? Problem) ReadForCheck(DbDataReader row)
    {
        try
        {
            return (row.GetInt64(0), Read(row), null);
        }
        catch (InvalidDataException e)
        {
            return (row.GetInt64(0), null, e.Message);
        }
    }

    /// <summary>Whether rows continue a chain.</summary>
    /// <param name="number">The number of the chain's last row, 0 when it has none.</param>
    /// <param name="hash">The hash of that row, zeros when there is none.</param>
    /// <param name="rows">The rows.</param>
    public static bool Continue(long number, byte[] hash, IReadOnlyList<AuditRow> rows)
    {
        foreach (var row in rows)
        {
            hash = AuditChain.ComputeHash(hash, ++number, row.Entry);
            if (row.Number != number || !row.Hash.Span.SequenceEqual(hash))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Finds how many of the oldest rows are past their time.</summary>
    /// <param name="start">The row before them.</param>
    /// <param name="oldest">The oldest rows in order.</param>
    /// <param name="before">Counts rows of times before this.</param>
    /// <exception cref="InvalidDataException">They do not continue the chain.</exception>
    public static List<AuditRow> Expired(AuditMark start, IEnumerable<AuditRow> oldest, DateTimeOffset before)
    {
        List<AuditRow> expired = [.. oldest.TakeWhile(row => row.Entry.At < before)];
        return Continue(start.Number, start.Hash.ToArray(), expired)
            ? expired
            : throw new InvalidDataException($"The audit log is broken behind row {start.Number}.");
    }

    /// <summary>Walks the chain from the first row to the last, and again when rows were removed in between.</summary>
    /// <param name="readStart">Reads the last row that was removed.</param>
    /// <param name="listAfter">Lists up to <see cref="CheckBatch"/> rows behind a number, in order.</param>
    public static async ValueTask<AuditBreak?> FindBreakAsync(
        Func<ValueTask<AuditMark>> readStart, Func<long, ValueTask<List<(long Number, AuditRow? Row, string? Problem)>>> listAfter)
    {
        while (true)
        {
            var start = await readStart().ConfigureAwait(false);
            var found = await WalkAsync(start, listAfter).ConfigureAwait(false);
            if (found is null || (await readStart().ConfigureAwait(false)).Number == start.Number)
            {
                return found;
            }
        }
    }

    private static async ValueTask<AuditBreak?> WalkAsync(
        AuditMark start, Func<long, ValueTask<List<(long Number, AuditRow? Row, string? Problem)>>> listAfter)
    {
        var (expected, hash, isNoted) = (start.Number, start.Hash.ToArray(), start.Number == 0);
        List<(long Number, AuditRow? Row, string? Problem)> rows;
        do
        {
            rows = await listAfter(expected).ConfigureAwait(false);
            foreach (var (number, row, problem) in rows)
            {
                expected++;
                if (number != expected)
                {
                    return new(expected, "The row is missing.");
                }

                if (row is null)
                {
                    return new(number, problem!);
                }

                hash = AuditChain.ComputeHash(hash, number, row.Entry);
                if (!row.Hash.Span.SequenceEqual(hash))
                {
                    return new(number, "Its hash is not that of what it says and of the row before it.");
                }

                isNoted |= start.IsNotedBy(row.Entry);
            }
        }
        while (rows.Count == CheckBatch);

        return isNoted
            ? null
            : new(start.Number, $"The rows up to this one are missing, and no row '{AuditMark.Action}' accounts for them.");
    }

    /// <summary>The value is left out: it may be what an intruder wants to have shown.</summary>
    private static T Read<T>(DbDataReader row, int column, Func<DbDataReader, int, T> read)
    {
        try
        {
            return read(row, column);
        }
        catch (Exception e) when (e is InvalidCastException or InvalidOperationException or ArgumentException
            or FormatException or OverflowException)
        {
            throw new InvalidDataException($"The column '{row.GetName(column)}' of row {row.GetInt64(0)} cannot be read.", e);
        }
    }
}
