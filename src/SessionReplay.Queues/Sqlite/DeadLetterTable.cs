using Microsoft.Extensions.Logging;

namespace SessionReplay.Queues;

/// <summary>
/// The dead letters. They keep their sequence and with it their body, which never moves. They have a bound of their own, so that they never take the
/// room of messages.
/// </summary>
internal sealed class DeadLetterTable(SqliteStatements sql, SqliteQueueOptions options, ILogger logger)
{
    /// <summary>What a dead letter takes beside its body.</summary>
    private const long RowBytes = 512;

    /// <summary>Gets how much of the file they take, approximately.</summary>
    internal long UsedBytes => Bytes + (Letters * RowBytes);

    private long Letters => sql.Number("SELECT letters FROM dead_letter_totals;") ?? 0;

    private long Bytes => sql.Number("SELECT bytes FROM dead_letter_totals;") ?? 0;

    /// <summary>Moves a message here.</summary>
    internal void Add(long sequence, string reason, long now, bool keepBody)
    {
        sql.Run(
            """
            INSERT INTO dead_letters(sequence, id, published_at, dead_at, attempts, bytes, reason)
            SELECT sequence, id, published_at, $1, attempts, bytes * $4, $2 FROM messages WHERE sequence = $3;
            """,
            now,
            reason,
            sequence,
            keepBody ? 1 : 0);
        sql.Run("DELETE FROM messages WHERE sequence = $1;", sequence);
        if (!keepBody)
        {
            sql.Run("DELETE FROM bodies WHERE sequence = $1;", sequence);
        }

        MakeRoom();
    }

    internal IReadOnlyList<DeadLetter> List(int limit)
    {
        var letters = new List<DeadLetter>();
        using var reader = sql.Query("SELECT id, reason, attempts, dead_at, bytes FROM dead_letters ORDER BY dead_at, sequence LIMIT $1;", limit);
        while (reader.Read())
        {
            letters.Add(new DeadLetter(
                reader.GetString(0), reader.GetString(1), reader.GetInt32(2), DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(3)), reader.GetInt64(4)));
        }

        return letters;
    }

    /// <summary>Puts dead letters back. One whose id waits in the queue again is dropped: that is the same batch. So is one without a body.</summary>
    internal int Redrive(int limit, long now)
    {
        var count = 0;
        foreach (var sequence in Find("SELECT sequence FROM dead_letters ORDER BY dead_at, sequence LIMIT $1;", limit))
        {
            var hasBody = sql.Number("SELECT 1 FROM dead_letters WHERE sequence = $1 AND bytes > 0;", sequence) is not null;
            var moved = hasBody ? sql.Run(
                """
                INSERT INTO messages(sequence, id, published_at, visible_at, attempts, bytes)
                SELECT sequence, id, published_at, $1, 0, bytes FROM dead_letters WHERE sequence = $2 ON CONFLICT(id) DO NOTHING;
                """,
                now,
                sequence) : 0;
            sql.Run("DELETE FROM dead_letters WHERE sequence = $1;", sequence);
            if (moved == 0)
            {
                sql.Run("DELETE FROM bodies WHERE sequence = $1;", sequence);
            }

            count += hasBody ? 1 : 0;
        }

        return count;
    }

    internal int Discard(long before, int limit) =>
        Remove(Find("SELECT sequence FROM dead_letters WHERE dead_at < $1 ORDER BY dead_at, sequence LIMIT $2;", before, limit));

    /// <summary>The ids of a session's messages begin with its name.</summary>
    internal int Discard(SessionRef session) =>
        Remove(Find("SELECT sequence FROM dead_letters WHERE id > $1 AND id < $2;", $"{session}/", $"{session}0"));

    private void MakeRoom()
    {
        while (Letters > options.MaxDeadLetters)
        {
            Drop("SELECT sequence FROM dead_letters ORDER BY bytes > 0, dead_at, sequence LIMIT 1;");
        }

        while (Bytes > options.MaxDeadLetterBytes)
        {
            Drop("SELECT sequence FROM dead_letters WHERE (bytes > 0) = 1 ORDER BY dead_at, sequence LIMIT 1;");
        }
    }

    private void Drop(string query)
    {
        var sequences = Find(query);
        using (var reader = sql.Query("SELECT id FROM dead_letters WHERE sequence = $1;", sequences[0]))
        {
            reader.Read();
            Log.DeadLetterRemoved(logger, reader.GetString(0));
        }

        Remove(sequences);
    }

    private List<long> Find(string query, params ReadOnlySpan<object> values)
    {
        var sequences = new List<long>();
        using var reader = sql.Query(query, values);
        while (reader.Read())
        {
            sequences.Add(reader.GetInt64(0));
        }

        return sequences;
    }

    private int Remove(List<long> sequences)
    {
        foreach (var sequence in sequences)
        {
            sql.Run("DELETE FROM dead_letters WHERE sequence = $1;", sequence);
            sql.Run("DELETE FROM bodies WHERE sequence = $1;", sequence);
        }

        return sequences.Count;
    }
}
