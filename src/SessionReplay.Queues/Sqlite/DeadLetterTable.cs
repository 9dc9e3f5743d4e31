using Microsoft.Extensions.Logging;
using SessionReplay.Sqlite;

namespace SessionReplay.Queues;

/// <summary>
/// The dead letters. They keep their sequence and with it their body, which never moves. They have a bound of their own, so that they never
/// take the room of messages.
/// </summary>
internal sealed class DeadLetterTable(SqliteStatements sql, SqliteQueueOptions options, ILogger logger)
{
    /// <summary>What a dead letter takes beside its body.</summary>
    private const long RowBytes = 512;

    /// <summary>Gets how much of the file they take, approximately.</summary>
    internal long UsedBytes => Bytes + (Letters * RowBytes);

    private long Letters => sql.Scalar<long>("SELECT letters FROM dead_letter_totals");

    private long Bytes => sql.Scalar<long>("SELECT bytes FROM dead_letter_totals");

    /// <summary>Moves a message here.</summary>
    internal void Add(long sequence, string reason, long now, bool keepBody)
    {
        sql.Execute(
            """
            INSERT INTO dead_letters (sequence, id, published_at, dead_at, attempts, bytes, reason)
            SELECT sequence, id, published_at, $now, attempts, bytes * $kept, $reason FROM messages WHERE sequence = $sequence
            """,
            ("$now", now), ("$kept", keepBody ? 1 : 0), ("$reason", reason), ("$sequence", sequence));
        sql.Execute("DELETE FROM messages WHERE sequence = $sequence", ("$sequence", sequence));
        if (!keepBody)
        {
            RemoveBody(sequence);
        }

        MakeRoom();
    }

    internal IReadOnlyList<DeadLetter> List(int limit) => sql.Query(
        "SELECT id, reason, attempts, dead_at, bytes FROM dead_letters ORDER BY dead_at, sequence LIMIT $limit",
        static row => new DeadLetter(
            row.GetString(0), row.GetString(1), row.GetInt32(2), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)), row.GetInt64(4)),
        ("$limit", limit));

    /// <summary>
    /// Puts dead letters back. One whose id waits in the queue again is dropped: that is the same batch. So is one without a body.
    /// </summary>
    internal int Redrive(int limit, long now)
    {
        var count = 0;
        foreach (var sequence in Find("SELECT sequence FROM dead_letters ORDER BY dead_at, sequence LIMIT $limit", ("$limit", limit)))
        {
            var hasBody = sql.Scalar<long?>(
                "SELECT 1 FROM dead_letters WHERE sequence = $sequence AND bytes > 0", ("$sequence", sequence)) is not null;
            var moved = hasBody ? sql.Execute(
                """
                INSERT INTO messages (sequence, id, published_at, visible_at, attempts, bytes)
                SELECT sequence, id, published_at, $now, 0, bytes FROM dead_letters WHERE sequence = $sequence ON CONFLICT (id) DO NOTHING
                """,
                ("$now", now), ("$sequence", sequence)) : 0;
            RemoveLetter(sequence);
            if (moved == 0)
            {
                RemoveBody(sequence);
            }

            count += hasBody ? 1 : 0;
        }

        return count;
    }

    internal int Discard(long before, int limit) =>
        Remove(Find(
            "SELECT sequence FROM dead_letters WHERE dead_at < $before ORDER BY dead_at, sequence LIMIT $limit",
            ("$before", before),
            ("$limit", limit)));

    /// <summary>The ids of a session's messages begin with its name.</summary>
    internal int Discard(SessionRef session) =>
        Remove(Find("SELECT sequence FROM dead_letters WHERE id > $from AND id < $to", ("$from", $"{session}/"), ("$to", $"{session}0")));

    private void MakeRoom()
    {
        while (Letters > options.MaxDeadLetters)
        {
            Drop("SELECT sequence FROM dead_letters ORDER BY bytes > 0, dead_at, sequence LIMIT 1");
        }

        while (Bytes > options.MaxDeadLetterBytes)
        {
            Drop("SELECT sequence FROM dead_letters WHERE (bytes > 0) = 1 ORDER BY dead_at, sequence LIMIT 1");
        }
    }

    private void Drop(string query)
    {
        var sequences = Find(query);
        var id = sql.Scalar<string>("SELECT id FROM dead_letters WHERE sequence = $sequence", ("$sequence", sequences[0]))!;
        Log.DeadLetterRemoved(logger, id);
        Remove(sequences);
    }

    private List<long> Find(string query, params ReadOnlySpan<(string Name, object? Value)> values) =>
        sql.Query(query, static row => row.GetInt64(0), values);

    private int Remove(List<long> sequences)
    {
        foreach (var sequence in sequences)
        {
            RemoveLetter(sequence);
            RemoveBody(sequence);
        }

        return sequences.Count;
    }

    private void RemoveLetter(long sequence) => sql.Execute("DELETE FROM dead_letters WHERE sequence = $sequence", ("$sequence", sequence));

    private void RemoveBody(long sequence) => sql.Execute("DELETE FROM bodies WHERE sequence = $sequence", ("$sequence", sequence));
}
