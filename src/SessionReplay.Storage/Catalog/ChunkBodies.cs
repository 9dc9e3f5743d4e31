using SessionReplay.Catalog;
using SessionReplay.Sqlite;
using SessionReplay.Storage.Sqlite;

namespace SessionReplay.Storage.Catalog;

/// <summary>The bytes of chunks that the catalog holds, within a transaction.</summary>
internal static class ChunkBodies
{
    /// <summary>
    /// Bytes that have left the catalog are ciphertext, which also lies in the blob store: to overwrite them would double what is written.
    /// </summary>
    private const string WithoutOverwriting = "PRAGMA secure_delete = OFF";

    private const string Overwriting = "PRAGMA secure_delete = ON";

    /// <summary>Keeps the bytes of a chunk that was just recorded, if they are to be kept here.</summary>
    public static void Insert(SqliteStatements sql, long session, ChunkRecord chunk, long now)
    {
        if (chunk.Location.IsInCatalog)
        {
            Write(sql, session, chunk.Header.Id.Window, chunk.Header.Id.Seq, chunk.Body);
            sql.Execute(
                "UPDATE sessions SET held_bytes = held_bytes + $bytes, held_since = COALESCE(held_since, $now) WHERE id = $id",
                ("$id", session), ("$bytes", chunk.Location.Length), ("$now", now));
        }
    }

    public static void Write(SqliteStatements sql, long session, WindowId window, uint seq, ReadOnlyMemory<byte> bytes) => sql.Execute(
        """
        INSERT INTO chunk_bodies (chunk_id, body) SELECT id, $body FROM chunks WHERE session_id = $id AND window = $window AND seq = $seq
        ON CONFLICT DO UPDATE SET body = $body
        """,
        ("$id", session), ("$window", window.Value.ToBytes()), ("$seq", (long)seq), ("$body", bytes.ToArrayOrSame()));

    public static List<ChunkBody> Read(SqliteStatements sql, SessionRef session, IEnumerable<ChunkCursor> chunks) =>
    [
        .. chunks.OrderBy(static chunk => chunk.Window.Value).ThenBy(static chunk => chunk.Seq).SelectMany(chunk => sql.Query(
            """
            SELECT b.body FROM sessions s JOIN chunks c ON c.session_id = s.id JOIN chunk_bodies b ON b.chunk_id = c.id
            WHERE s.tenant = $tenant AND s.session = $session AND c.window = $window AND c.seq = $seq
            """,
            row => new ChunkBody(chunk.Window, chunk.Seq, row.Bytes(0)),
            ("$tenant", session.Tenant.Value), ("$session", session.Session.Value.ToBytes()),
            ("$window", chunk.Window.Value.ToBytes()), ("$seq", (long)chunk.Seq))),
    ];

    /// <summary>Notes the new places of chunks; those that lay here lie in an object now.</summary>
    public static void Move(SqliteStatements sql, long session, IReadOnlyList<MovedChunk> moved)
    {
        sql.Execute(WithoutOverwriting);
        try
        {
            foreach (var chunk in moved)
            {
                Move(sql, session, chunk);
            }
        }
        finally
        {
            sql.Execute(Overwriting);
        }

        CountHeld(sql, session);
    }

    private static void Move(SqliteStatements sql, long session, MovedChunk chunk)
    {
        if (chunk.From.IsInCatalog)
        {
            Remove(sql, session, chunk.Window, chunk.Seq);
        }

        sql.Execute(
            """
            UPDATE chunks SET blob_key = $key, offset = $offset, held_at = NULL
            WHERE session_id = $id AND window = $window AND seq = $seq AND blob_key IS $from_key AND offset = $from_offset
            """,
            ("$id", session), ("$window", chunk.Window.Value.ToBytes()), ("$seq", (long)chunk.Seq), ("$key", chunk.To.BlobKey),
            ("$offset", chunk.To.Offset), ("$from_key", chunk.From.BlobKey), ("$from_offset", chunk.From.Offset));
    }

    public static void Remove(SqliteStatements sql, long session, WindowId window, uint seq) => sql.Execute(
        """
        DELETE FROM chunk_bodies WHERE chunk_id = (
            SELECT id FROM chunks WHERE session_id = $id AND window = $window AND seq = $seq AND blob_key IS NULL)
        """,
        ("$id", session), ("$window", window.Value.ToBytes()), ("$seq", (long)seq));

    /// <summary>Recounts what the catalog holds of a session.</summary>
    public static void CountHeld(SqliteStatements sql, long session) => sql.Execute(
        """
        UPDATE sessions SET (held_bytes, held_since) = (
            SELECT COALESCE(SUM(length), 0), MIN(held_at) FROM chunks WHERE session_id = $id AND blob_key IS NULL)
        WHERE id = $id
        """,
        ("$id", session));
}
