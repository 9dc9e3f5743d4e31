namespace SessionReplay.Queues;

/// <summary>The dead letters. They keep their sequence and with it their body, which never moves.</summary>
internal sealed class DeadLetterTable(SqliteStatements sql)
{
    /// <summary>Moves a message here.</summary>
    internal void Add(long sequence, string reason, long now)
    {
        sql.Run(
            """
            INSERT INTO dead_letters(sequence, id, published_at, dead_at, attempts, bytes, reason)
            SELECT sequence, id, published_at, $1, attempts, bytes, $2 FROM messages WHERE sequence = $3;
            """,
            now,
            reason,
            sequence);
        sql.Run("DELETE FROM messages WHERE sequence = $1;", sequence);
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

    /// <summary>Puts dead letters back. One whose id waits in the queue again is dropped: that is the same batch.</summary>
    internal int Redrive(int limit, long now)
    {
        var sequences = new List<long>();
        using (var reader = sql.Query("SELECT sequence FROM dead_letters ORDER BY dead_at, sequence LIMIT $1;", limit))
        {
            while (reader.Read())
            {
                sequences.Add(reader.GetInt64(0));
            }
        }

        foreach (var sequence in sequences)
        {
            var moved = sql.Run(
                """
                INSERT INTO messages(sequence, id, published_at, visible_at, attempts, bytes)
                SELECT sequence, id, published_at, $1, 0, bytes FROM dead_letters WHERE sequence = $2 ON CONFLICT(id) DO NOTHING;
                """,
                now,
                sequence);
            sql.Run("DELETE FROM dead_letters WHERE sequence = $1;", sequence);
            if (moved == 0)
            {
                sql.Run("DELETE FROM bodies WHERE sequence = $1;", sequence);
            }
        }

        return sequences.Count;
    }
}
