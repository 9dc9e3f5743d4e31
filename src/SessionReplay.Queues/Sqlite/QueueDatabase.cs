using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace SessionReplay.Queues;

/// <summary>The queue's tables. Used by one thread, inside a transaction of its own.</summary>
internal sealed class QueueDatabase : IDisposable
{
    private const int MaxClaimBytes = 32 * 1024 * 1024;
    private const int VacuumStepPages = 1024;
    private const long FreePagesKept = 4096;
    private readonly SqliteConnection _connection;
    private readonly SqliteStatements _sql;
    private readonly SqliteQueueOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string _owner;
    private readonly long _pageSize;
    private readonly DeadLetterTable _deadLetters;
    private readonly DriveInfo _disk;
    private long _freeToWrite;
    private long _freeOnDisk;

    internal QueueDatabase(SqliteConnection connection, string owner, SqliteQueueOptions options, TimeProvider time, ILogger logger)
    {
        _connection = connection;
        _sql = new SqliteStatements(connection);
        _deadLetters = new DeadLetterTable(_sql, options, logger);
        _disk = new DriveInfo(Path.GetDirectoryName(Path.GetFullPath(options.Path))!);
        _owner = owner;
        _options = options;
        _time = time;
        _logger = logger;
        _pageSize = QueueSchema.Number(connection, "PRAGMA page_size;");
    }

    /// <summary>Gets whether the running transaction gave receivers something to do.</summary>
    internal bool MadeReady { get; private set; }

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    internal void Begin()
    {
        MadeReady = false;
        _sql.Run("BEGIN IMMEDIATE;");
        var usedPages = (_sql.Number("PRAGMA page_count;") ?? 0) - (_sql.Number("PRAGMA freelist_count;") ?? 0);
        _freeToWrite = _options.MaxQueueBytes - (usedPages * _pageSize) + _deadLetters.UsedBytes;
        _freeOnDisk = _disk.AvailableFreeSpace - _options.MinFreeBytes;
    }

    internal void Commit() => _sql.Run("COMMIT;");

    /// <summary>Stores a message, unless one of the same id waits or is being worked on: that one is the same batch.</summary>
    internal bool Publish(string id, ReadOnlySpan<byte> body)
    {
        if (_freeToWrite < body.Length)
        {
            throw new QueueUnavailableException(
                $"The queue is full: SqliteQueueOptions.MaxQueueBytes is {_options.MaxQueueBytes}. Check that the worker runs, or raise it.");
        }

        if (_freeOnDisk < body.Length)
        {
            throw new QueueUnavailableException(
                $"The disk of {_options.Path} is nearly full: SqliteQueueOptions.MinFreeBytes ({_options.MinFreeBytes}) stay free. Free space on it.");
        }

        var now = Now;
        if (_sql.Number(
            "INSERT INTO messages(id, published_at, visible_at, attempts, bytes) VALUES($1, $2, $2, 0, $3) ON CONFLICT(id) DO NOTHING RETURNING sequence;",
            id,
            now,
            body.Length) is not { } sequence)
        {
            return false;
        }

        _sql.Run("INSERT INTO bodies(sequence, body) VALUES($1, zeroblob($2));", sequence, body.Length);
        if (!body.IsEmpty)
        {
            using var blob = new SqliteBlob(_connection, "bodies", "body", sequence);
            blob.Write(body);
        }

        _freeToWrite -= body.Length + _pageSize;
        _freeOnDisk -= body.Length + _pageSize;
        MadeReady = true;
        return true;
    }

    /// <summary>Leases what is due, oldest first. What was delivered too often without being settled becomes a dead letter instead.</summary>
    internal Claim Claim(int limit)
    {
        var now = Now;
        var due = new List<(long Sequence, string Id, int Attempts, int Bytes)>();
        long total = 0;
        using (var reader = _sql.Query(
            "SELECT sequence, id, attempts, bytes FROM messages WHERE visible_at <= $1 ORDER BY visible_at, sequence LIMIT $2;", now, limit))
        {
            while (reader.Read())
            {
                total += reader.GetInt32(3);
                if (due.Count > 0 && total > MaxClaimBytes)
                {
                    break;
                }

                due.Add((reader.GetInt64(0), reader.GetString(1), reader.GetInt32(2), reader.GetInt32(3)));
            }
        }

        var claimed = new List<ClaimedMessage>(due.Count);
        foreach (var (sequence, id, attempts, bytes) in due)
        {
            if (attempts >= _options.MaxAttempts)
            {
                SetAside(sequence, id, attempts, "It was delivered as often as allowed and never settled.");
                continue;
            }

            var lease = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8));
            _sql.Run(
                "UPDATE messages SET owner = $1, lease = $2, visible_at = $3, attempts = attempts + 1 WHERE sequence = $4;",
                _owner,
                lease,
                now + LeaseMilliseconds,
                sequence);
            claimed.Add(new ClaimedMessage(sequence, lease, id, attempts + 1, ReadBody(sequence, bytes), bytes));
        }

        return claimed.Count > 0 ? new Claim(claimed, null) : new Claim(claimed, _sql.Number("SELECT min(visible_at) FROM messages;"));
    }

    internal bool Ack(long sequence, long lease)
    {
        if (_sql.Run("DELETE FROM messages WHERE sequence = $1 AND lease = $2;", sequence, lease) == 0)
        {
            return false;
        }

        _sql.Run("DELETE FROM bodies WHERE sequence = $1;", sequence);
        return true;
    }

    /// <summary>Gives a message back, delayed, or sets it aside when it was its last attempt.</summary>
    internal bool Retry(ClaimedMessage message, string reason)
    {
        if (message.Attempt >= _options.MaxAttempts)
        {
            return DeadLetter(message, reason);
        }

        var delay = RetryDelay.Compute(message.Attempt, _options.FirstRetryDelay, _options.MaxRetryDelay, Random.Shared.NextDouble());
        return GiveBack(message.Sequence, message.Lease, Now + (long)Math.Ceiling(delay.TotalMilliseconds), attemptsTaken: 0);
    }

    /// <summary>Gives a message back at once, its delivery forgotten.</summary>
    internal bool Release(long sequence, long lease) => GiveBack(sequence, lease, Now, attemptsTaken: 1);

    internal bool DeadLetter(ClaimedMessage message, string reason, bool keepBody = true)
    {
        if (_sql.Number("SELECT 1 FROM messages WHERE sequence = $1 AND lease = $2;", message.Sequence, message.Lease) is null)
        {
            return false;
        }

        SetAside(message.Sequence, message.Id, message.Attempt, reason, keepBody);
        return true;
    }

    /// <summary>Prolongs leases and returns those that are lost.</summary>
    internal List<long> Renew(IReadOnlyCollection<KeyValuePair<long, long>> sequencesByLease)
    {
        var lost = new List<long>();
        var end = Now + LeaseMilliseconds;
        foreach (var (lease, sequence) in sequencesByLease)
        {
            if (_sql.Run("UPDATE messages SET visible_at = $1 WHERE sequence = $2 AND lease = $3;", end, sequence, lease) == 0)
            {
                lost.Add(lease);
            }
        }

        return lost;
    }

    /// <summary>Gives back all that an owner has leased: at its orderly end without counting the delivery, after a crash with it.</summary>
    internal int ReleaseOwner(string owner, bool countAttempt)
    {
        var released = _sql.Run(
            "UPDATE messages SET owner = NULL, lease = NULL, visible_at = $1, attempts = max(0, attempts - $2) WHERE owner = $3;",
            Now,
            countAttempt ? 0 : 1,
            owner);
        MadeReady |= released > 0;
        return released;
    }

    internal IReadOnlyList<DeadLetter> ListDeadLetters(int limit) => _deadLetters.List(limit);

    internal int Redrive(int limit)
    {
        var count = _deadLetters.Redrive(limit, Now);
        MadeReady |= count > 0;
        return count;
    }

    internal int Discard(DateTimeOffset before, int limit) => _deadLetters.Discard(before.ToUnixTimeMilliseconds(), limit);

    internal int Discard(SessionRef session) => _deadLetters.Discard(session);

    internal QueueStatus GetStatus()
    {
        var now = Now;
        var total = _sql.Number("SELECT count(*) FROM messages;") ?? 0;
        var inFlight = _sql.Number("SELECT count(*) FROM messages WHERE owner IS NOT NULL AND visible_at > $1;", now) ?? 0;
        var dead = _sql.Number("SELECT count(*) FROM dead_letters;") ?? 0;
        var oldest = _sql.Number("SELECT published_at FROM messages WHERE owner IS NULL OR visible_at <= $1 ORDER BY sequence LIMIT 1;", now);
        return new QueueStatus(
            total - inFlight, inFlight, dead, oldest is null ? null : TimeSpan.FromMilliseconds(Math.Max(0, now - oldest.Value)));
    }

    /// <summary>Gives a step of free pages back to the file system, beyond those kept for the next messages.</summary>
    /// <returns>Whether there is more to give back.</returns>
    internal bool Shrink()
    {
        var excess = (_sql.Number("PRAGMA freelist_count;") ?? 0) - FreePagesKept;
        if (excess <= 0)
        {
            return false;
        }

        using (var step = _connection.CreateCommand())
        {
            step.CommandText = FormattableString.Invariant($"PRAGMA incremental_vacuum({Math.Min(excess, VacuumStepPages)});");
            using var reader = step.ExecuteReader();
            while (reader.Read())
            {
                // SQLite frees a page with each step.
            }
        }

        if (excess > VacuumStepPages)
        {
            return true;
        }

        // The file itself becomes shorter when the log is written back.
        QueueSchema.Run(_connection, "PRAGMA wal_checkpoint(PASSIVE);");
        return false;
    }

    public void Dispose()
    {
        _sql.Dispose();
        _connection.Dispose();
    }

    private long LeaseMilliseconds => (long)_options.LeaseTime.TotalMilliseconds;

    private bool GiveBack(long sequence, long lease, long visibleAt, int attemptsTaken)
    {
        var given = _sql.Run(
            "UPDATE messages SET owner = NULL, lease = NULL, visible_at = $1, attempts = attempts - $2 WHERE sequence = $3 AND lease = $4;",
            visibleAt,
            attemptsTaken,
            sequence,
            lease) > 0;
        MadeReady |= given;
        return given;
    }

    private void SetAside(long sequence, string id, int attempts, string reason, bool keepBody = true)
    {
        _deadLetters.Add(sequence, reason, Now, keepBody);
        Log.DeadLettered(_logger, id, attempts, reason);
    }

    private byte[] ReadBody(long sequence, int bytes)
    {
        if (bytes == 0)
        {
            return [];
        }

        var buffer = ArrayPool<byte>.Shared.Rent(bytes);
        using var blob = new SqliteBlob(_connection, "bodies", "body", sequence, readOnly: true);
        blob.ReadExactly(buffer.AsSpan(0, bytes));
        return buffer;
    }
}
