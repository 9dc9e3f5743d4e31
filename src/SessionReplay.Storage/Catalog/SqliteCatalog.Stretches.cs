using Microsoft.Data.Sqlite;
using SessionReplay.Catalog;
using SessionReplay.Sqlite;
using SessionReplay.Storage.Sqlite;

namespace SessionReplay.Storage.Catalog;

/// <content>Chunks with their bytes, for playback.</content>
internal sealed partial class SqliteCatalog
{
    private const string ChunksOfStretch =
        $"""
        SELECT {ChunkColumns}, c.facts, w.end_sealed, c.digest, b.body, MAX(c.length, 0) + length(c.facts)
        FROM sessions s JOIN chunks c ON c.session_id = s.id JOIN windows w ON w.session_id = s.id AND w.window = c.window
        LEFT JOIN chunk_bodies b ON b.chunk_id = c.id
        WHERE s.tenant = $tenant AND s.session = $session AND c.window = $window AND c.seq BETWEEN $first AND $last ORDER BY c.seq
        """;

    public ValueTask<StretchPage> ReadStretchesAsync(
        SessionRef session, IReadOnlyList<ChunkStretch> stretches, StretchLimits limits, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stretches);
        return _database.ReadAsync(sql => ReadStretches(sql, session, stretches, limits), cancellationToken);
    }

    private static StretchPage ReadStretches(
        SqliteStatements sql, SessionRef session, IReadOnlyList<ChunkStretch> stretches, StretchLimits limits)
    {
        var chunks = new List<StretchChunk>();
        var (room, hasMore) = (limits.Bytes, false);
        foreach (var stretch in stretches)
        {
            sql.ReadWhile(
                ChunksOfStretch, TryAdd,
                [
                    .. Name(session), ("$window", stretch.Window.Value.ToBytes()), ("$first", (long)stretch.First),
                    ("$last", (long)stretch.Last),
                ]);
            if (hasMore)
            {
                break;
            }
        }

        return new(chunks, hasMore);

        bool TryAdd(SqliteDataReader row)
        {
            room -= row.GetInt64(15);
            hasMore = chunks.Count > 0 && (room < 0 || chunks.Count == limits.Chunks);
            if (!hasMore)
            {
                chunks.Add(new(ReadChunk(row), row.IsDBNull(14) ? default(ReadOnlyMemory<byte>?) : row.Bytes(14)));
            }

            return !hasMore;
        }
    }
}
