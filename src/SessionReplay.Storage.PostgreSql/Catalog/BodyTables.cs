using Npgsql;
using SessionReplay.Storage.PostgreSql.Database;

namespace SessionReplay.Storage.PostgreSql.Catalog;

/// <summary>
/// The tables for the bytes of chunks, one for each quarter of an hour: makes them ahead of their time, and drops them again.
/// </summary>
internal sealed class BodyTables(PostgreSqlDatabase database)
{
    /// <summary>How long before the last table ends the next is made, in ms.</summary>
    private const long Ahead = 600_000;

    private long _madeUntil;

    /// <summary>Makes the tables that will be needed soon, if this process does not know that they are there.</summary>
    public async ValueTask EnsureAsync(CancellationToken cancellationToken)
    {
        if (Environment.TickCount64 < Interlocked.Read(ref _madeUntil))
        {
            return;
        }

        var now = Environment.TickCount64;
        var left = await database.QueryAsync(
            $"SELECT {database.Schema}.make_body_tables()", static row => row.GetInt64(0), [], cancellationToken).ConfigureAwait(false);
        Interlocked.Exchange(ref _madeUntil, now + left[0] - Ahead);
    }

    /// <summary>
    /// Whether a write failed because there was no table for its time: the clock of the server was set, or this process stood still. The
    /// next one makes it.
    /// </summary>
    public bool IsMissing(PostgresException error)
    {
        var isMissing = error is { SqlState: PostgresErrorCodes.CheckViolation, ConstraintName: null };
        if (isMissing)
        {
            Interlocked.Exchange(ref _madeUntil, 0);
        }

        return isMissing;
    }

    /// <summary>Drops those of which the catalog holds nothing any more.</summary>
    public async ValueTask DropAsync(CancellationToken cancellationToken)
    {
        var old = await database.QueryAsync(
            $"SELECT held_from FROM {database.Schema}.old_body_tables()", static row => row.GetInt64(0), [], cancellationToken)
            .ConfigureAwait(false);
        foreach (var from in old)
        {
            var dropped = await database.QueryAsync(
                $"SELECT {database.Schema}.drop_body_table(@from)", static row => row.IsDBNull(0) ? null : (bool?)row.GetBoolean(0),
                [Parameters.Of("from", from)], cancellationToken).ConfigureAwait(false);
            if (dropped[0] is null)
            {
                // Somebody reads all of them, for instance a backup: writers must not wait behind each try.
                return;
            }
        }
    }
}
