namespace SessionReplay.Queues;

/// <summary>The steps of the queue's schema; a step that was released is never changed.</summary>
internal static class QueueSchema
{
    /// <summary>
    /// The bodies have a table of their own, so that leasing and settling never rewrite them. An id is unique among the messages; the dead
    /// letters keep their sequence (AUTOINCREMENT never gives one twice) and with it their body. Triggers count them, so that each
    /// transaction reads one row.
    /// </summary>
    public static readonly string[] Steps =
    [
        """
        CREATE TABLE messages (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, published_at INTEGER NOT NULL,
            visible_at INTEGER NOT NULL, attempts INTEGER NOT NULL, bytes INTEGER NOT NULL, owner TEXT, lease INTEGER);
        CREATE INDEX messages_due ON messages (visible_at, sequence);
        CREATE INDEX messages_leased ON messages (owner) WHERE owner IS NOT NULL;
        CREATE TABLE dead_letters (
            sequence INTEGER PRIMARY KEY, id TEXT NOT NULL, published_at INTEGER NOT NULL, dead_at INTEGER NOT NULL,
            attempts INTEGER NOT NULL, bytes INTEGER NOT NULL, reason TEXT NOT NULL);
        CREATE INDEX dead_letters_age ON dead_letters (dead_at, sequence);
        CREATE INDEX dead_letters_use ON dead_letters ((bytes > 0), dead_at, sequence);
        CREATE INDEX dead_letters_id ON dead_letters (id);
        CREATE TABLE dead_letter_totals (one INTEGER PRIMARY KEY CHECK (one = 1), letters INTEGER NOT NULL, bytes INTEGER NOT NULL);
        INSERT INTO dead_letter_totals VALUES (1, 0, 0);
        CREATE TRIGGER dead_letter_added AFTER INSERT ON dead_letters BEGIN
            UPDATE dead_letter_totals SET letters = letters + 1, bytes = bytes + new.bytes;
        END;
        CREATE TRIGGER dead_letter_removed AFTER DELETE ON dead_letters BEGIN
            UPDATE dead_letter_totals SET letters = letters - 1, bytes = bytes - old.bytes;
        END;
        CREATE TABLE bodies (sequence INTEGER PRIMARY KEY, body BLOB NOT NULL);
        """,
    ];
}
