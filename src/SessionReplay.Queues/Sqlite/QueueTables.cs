using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using SessionReplay.Sqlite;

namespace SessionReplay.Queues;

/// <summary>The queue's tables. Used by the writer's thread, inside its transactions.</summary>
internal sealed class QueueTables
{
    private const int MaxClaimBytes = 32 * 1024 * 1024;
    private const int VacuumStepPages = 1024;
    private const long FreePagesKept = 4096;
    private readonly SqliteStatements _sql;
    private readonly SqliteQueueOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string _owner;
    private readonly long _pageSize;
    private readonly DeadLetterTable _deadLetters;
    private long _freeToWrite;
    private long _freeOnDisk;

    internal QueueTables(SqliteStatements sql, string owner, SqliteQueueOptions options, TimeProvider time, ILogger logger)
    {
        _sql = sql;
        _deadLetters = new DeadLetterTable(_sql, options, logger);
        _owner = owner;
        _options = options;
        _time = time;
        _logger = logger;
        _pageSize = sql.Scalar<long>("PRAGMA page_size");
    }

    /// <summary>Gets whether the running transaction gave receivers something to do.</summary>
    internal bool MadeReady { get; private set; }

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private long LeaseMilliseconds => (long)_options.LeaseTime.TotalMilliseconds;

    /// <summary>Begins a transaction.</summary>
    /// <param name="freeOnDisk">How many bytes of the disk are free.</param>
    internal void Begin(long freeOnDisk)
    {
        MadeReady = false;
        var usedPages = _sql.Scalar<long>("PRAGMA page_count") - _sql.Scalar<long>("PRAGMA freelist_count");
        _freeToWrite = _options.MaxQueueBytes - (usedPages * _pageSize) + _deadLetters.UsedBytes;
        _freeOnDisk = freeOnDisk - _options.MinFreeBytes;
    }

    /// <summary>Stores a message, unless one of the same id waits or is being worked on: that one is the same batch.</summary>
    internal bool Publish(string id, ReadOnlySpan<byte> body)
    {
        if (_freeToWrite < body.Length)
        {
            throw new QueueUnavailableException(
                $"The queue is full: SqliteQueueOptions.MaxQueueBytes is {_options.MaxQueueBytes}. "
                + "Check that the worker runs, or raise it.");
        }

        if (_freeOnDisk < body.Length)
        {
            throw new QueueUnavailableException(
                $"The disk of {_options.Path} is nearly full: SqliteQueueOptions.MinFreeBytes ({_options.MinFreeBytes}) stay free. "
                + "Free space on it.");
        }

        var now = Now;
        if (_sql.Scalar<long?>(
            """
            INSERT INTO messages (id, published_at, visible_at, attempts, bytes) VALUES ($id, $now, $now, 0, $bytes)
            ON CONFLICT (id) DO NOTHING RETURNING sequence
            """,
            ("$id", id), ("$now", now), ("$bytes", body.Length)) is not { } sequence)
        {
            return false;
        }

        _sql.Execute(
            "INSERT INTO bodies (sequence, body) VALUES ($sequence, zeroblob($bytes))", ("$sequence", sequence), ("$bytes", body.Length));
        if (!body.IsEmpty)
        {
            using var blob = _sql.OpenBlob("bodies", "body", sequence);
            blob.Write(body);
        }

        _freeToWrite -= body.Length + _pageSize;
        _freeOnDisk -= body.Length + _pageSize;
        MadeReady = true;
        return true;
    }

    /// <summary>
    /// Leases what is due, oldest first. What was delivered too often without being settled becomes a dead letter instead.
    /// </summary>
    internal Claim Claim(int limit)
    {
        var now = Now;
        long total = 0;
        var due = _sql.Query(
            "SELECT sequence, id, attempts, bytes FROM messages WHERE visible_at <= $now ORDER BY visible_at, sequence LIMIT $limit",
            static row => (Sequence: row.GetInt64(0), Id: row.GetString(1), Attempts: row.GetInt32(2), Bytes: row.GetInt32(3)),
            ("$now", now), ("$limit", limit));

        var claimed = new List<ClaimedMessage>(due.Count);
        foreach (var (sequence, id, attempts, bytes) in due)
        {
            total += bytes;
            if (total > MaxClaimBytes && claimed.Count > 0)
            {
                break;
            }

            if (attempts >= _options.MaxAttempts)
            {
                PutIntoDeadLetters(sequence, id, attempts, "It was delivered as often as allowed and never settled.");
                continue;
            }

            var lease = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8));
            _sql.Execute(
                """
                UPDATE messages SET owner = $owner, lease = $lease, visible_at = $until, attempts = attempts + 1 WHERE sequence = $sequence
                """,
                ("$owner", _owner), ("$lease", lease), ("$until", now + LeaseMilliseconds), ("$sequence", sequence));
            claimed.Add(new ClaimedMessage(sequence, lease, id, attempts + 1, ReadBody(sequence, bytes), bytes));
        }

        return new Claim(claimed, claimed.Count > 0 ? null : _sql.Scalar<long?>("SELECT min(visible_at) FROM messages"));
    }

    internal bool Ack(long sequence, long lease)
    {
        if (_sql.Execute(
            "DELETE FROM messages WHERE sequence = $sequence AND lease = $lease", ("$sequence", sequence), ("$lease", lease)) == 0)
        {
            return false;
        }

        _sql.Execute("DELETE FROM bodies WHERE sequence = $sequence", ("$sequence", sequence));
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
        if (_sql.Scalar<long?>(
            "SELECT 1 FROM messages WHERE sequence = $sequence AND lease = $lease",
            ("$sequence", message.Sequence),
            ("$lease", message.Lease)) is null)
        {
            return false;
        }

        PutIntoDeadLetters(message.Sequence, message.Id, message.Attempt, reason, keepBody);
        return true;
    }

    /// <summary>Prolongs leases and returns those that are lost.</summary>
    internal List<long> Renew(IReadOnlyCollection<KeyValuePair<long, long>> sequencesByLease)
    {
        var lost = new List<long>();
        var end = Now + LeaseMilliseconds;
        foreach (var (lease, sequence) in sequencesByLease)
        {
            if (_sql.Execute(
                "UPDATE messages SET visible_at = $until WHERE sequence = $sequence AND lease = $lease",
                ("$until", end), ("$sequence", sequence), ("$lease", lease)) == 0)
            {
                lost.Add(lease);
            }
        }

        return lost;
    }

    /// <summary>Gives back all that an owner has leased: at its orderly end without counting the delivery, after a crash with it.</summary>
    internal int ReleaseOwner(string owner, bool countAttempt)
    {
        var released = _sql.Execute(
            "UPDATE messages SET owner = NULL, lease = NULL, visible_at = $now, attempts = max(0, attempts - $taken) WHERE owner = $owner",
            ("$now", Now), ("$taken", countAttempt ? 0 : 1), ("$owner", owner));
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
        var total = _sql.Scalar<long>("SELECT count(*) FROM messages");
        var inFlight = _sql.Scalar<long>("SELECT count(*) FROM messages WHERE owner IS NOT NULL AND visible_at > $now", ("$now", now));
        var dead = _sql.Scalar<long>("SELECT count(*) FROM dead_letters");
        var oldest = _sql.Scalar<long?>(
            "SELECT published_at FROM messages WHERE owner IS NULL OR visible_at <= $now ORDER BY sequence LIMIT 1", ("$now", now));
        return new QueueStatus(
            total - inFlight, inFlight, dead, oldest is null ? null : TimeSpan.FromMilliseconds(Math.Max(0, now - oldest.Value)));
    }

    /// <summary>Gives a step of free pages back to the file system, beyond those kept for the next messages.</summary>
    /// <returns>Whether there is more to give back.</returns>
    internal bool Shrink()
    {
        var excess = _sql.Scalar<long>("PRAGMA freelist_count") - FreePagesKept;
        if (excess <= 0)
        {
            return false;
        }

        // SQLite frees a page with each row that is read.
        _sql.Query(FormattableString.Invariant($"PRAGMA incremental_vacuum({Math.Min(excess, VacuumStepPages)})"), static _ => 0);
        if (excess > VacuumStepPages)
        {
            return true;
        }

        // The file itself becomes shorter when the log is written back.
        _sql.Execute("PRAGMA wal_checkpoint(PASSIVE)");
        return false;
    }

    private bool GiveBack(long sequence, long lease, long visibleAt, int attemptsTaken)
    {
        var given = _sql.Execute(
            """
            UPDATE messages SET owner = NULL, lease = NULL, visible_at = $at, attempts = attempts - $taken
            WHERE sequence = $sequence AND lease = $lease
            """,
            ("$at", visibleAt), ("$taken", attemptsTaken), ("$sequence", sequence), ("$lease", lease)) > 0;
        MadeReady |= given;
        return given;
    }

    private void PutIntoDeadLetters(long sequence, string id, int attempts, string reason, bool keepBody = true)
    {
        _deadLetters.Add(sequence, reason, Now, keepBody);
        QueueLog.DeadLettered(_logger, id, attempts, reason);
    }

    private byte[] ReadBody(long sequence, int bytes)
    {
        if (bytes == 0)
        {
            return [];
        }

        var buffer = ArrayPool<byte>.Shared.Rent(bytes);
        using var blob = _sql.OpenBlob("bodies", "body", sequence, readOnly: true);
        blob.ReadExactly(buffer.AsSpan(0, bytes));
        return buffer;
    }
}
