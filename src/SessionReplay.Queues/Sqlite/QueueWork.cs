using Microsoft.Extensions.Logging;
using SessionReplay.Sqlite;

namespace SessionReplay.Queues;

/// <summary>
/// What the queue adds to the writer of its file: the leases of processes that have ended, the room that is left, and waking receivers.
/// </summary>
internal sealed class QueueWork(
    SqliteFile file, SqliteQueueOptions options, TimeProvider time, ILogger logger, Action madeReady) : SqliteWork<QueueTables>
{
    private LeaseOwner? _owner;

    public override bool MayFailHalfway => false;

    public override QueueTables Open(SqliteStatements sql)
    {
        _owner ??= LeaseOwner.Create(file.Path);
        var tables = new QueueTables(sql, _owner.Id, options, time, logger);
        var dead = LeaseOwner.FindDead(file.Path);
        sql.Execute("BEGIN IMMEDIATE");
        var recovered = dead.Sum(owner => tables.ReleaseOwner(owner, countAttempt: true));
        sql.Execute("COMMIT");
        dead.ForEach(owner => LeaseOwner.Forget(file.Path, owner));
        if (recovered > 0)
        {
            Log.Recovered(logger, recovered);
        }

        Log.Opened(logger, file.Path);
        return tables;
    }

    public override void Begin(QueueTables tables) => tables.Begin(file.FreeBytesOfDisk);

    public override void Committed(QueueTables tables, int operations, TimeSpan duration)
    {
        Telemetry.CommitDuration.Record(duration.TotalSeconds);
        Telemetry.CommitOperations.Record(operations);
        if (tables.MadeReady)
        {
            madeReady();
        }
    }

    public override void Failed(int operations, string reason, Exception error)
    {
        Log.Failed(logger, operations, reason, error);
        QueueTelemetry.Failures.Add(operations);
    }

    public override bool Tidy(QueueTables tables) => tables.Shrink();

    public override void End(QueueTables tables) => tables.ReleaseOwner(_owner!.Id, countAttempt: false);

    public override void Closed() => _owner?.Dispose();

    public override Exception Unavailable(
        string reason, Exception error) => new QueueUnavailableException($"The queue is unavailable: {reason}", error);

    /// <summary>An operation refuses a message before it writes anything; all else is the file's fault.</summary>
    public override Exception? Refused(Exception error) => error as QueueUnavailableException;
}
