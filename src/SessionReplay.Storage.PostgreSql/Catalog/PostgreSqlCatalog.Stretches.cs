using Npgsql;
using SessionReplay.Catalog;
using static SessionReplay.Storage.PostgreSql.Database.Parameters;

namespace SessionReplay.Storage.PostgreSql.Catalog;

/// <content>Chunks with their bytes, for playback.</content>
internal sealed partial class PostgreSqlCatalog
{
    /// <summary>The limits apply before facts and bodies are read.</summary>
    private string SelectStretches =>
        $"""
        WITH named AS (
            SELECT c.*, n.place FROM {_schema}.sessions s
            CROSS JOIN unnest(@windows, @firsts, @lasts) WITH ORDINALITY AS n (window_id, first_seq, last_seq, place)
            CROSS JOIN LATERAL (
                SELECT * FROM {_schema}.chunks c
                WHERE c.session_id = s.id AND c.window_id = n.window_id AND c.seq BETWEEN n.first_seq AND n.last_seq
                ORDER BY c.seq LIMIT @limit + 1) c
            {ByName} ORDER BY n.place, c.seq LIMIT @limit + 1),
        counted AS (
            SELECT named.*, row_number() OVER ordered AS number, count(*) OVER () AS found,
                sum(GREATEST(named.length, 0) + octet_length(named.facts)) OVER ordered AS bytes
            FROM named WINDOW ordered AS (ORDER BY named.place, named.seq))
        SELECT c.window_id, c.seq, c.blob_key, c.byte_offset, c.length, c.flags, c.compression, c.events, c.first_time, c.last_time, w.clock_offset,
            c.facts, w.end_sealed, c.digest,
            (SELECT b.body FROM {_schema}.chunk_bodies b
                WHERE b.held_at = c.held_at AND b.session_id = c.session_id AND b.window_id = c.window_id AND b.seq = c.seq) AS body,
            c.found
        FROM counted c JOIN {_schema}.windows w ON w.session_id = c.session_id AND w.window_id = c.window_id
        WHERE c.number = 1 OR (c.number <= @limit AND c.bytes <= @bytes) ORDER BY c.number
        """;

    public async ValueTask<StretchPage> ReadStretchesAsync(
        SessionRef session, IReadOnlyList<ChunkStretch> stretches, StretchLimits limits, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stretches);
        var rows = await database.QueryAsync(
            SelectStretches,
            static row => (Chunk: new StretchChunk(ReadChunk(row), BodyOf(row)), Found: row.GetInt64(15)),
            [
                .. Name(session), Of("windows", [.. stretches.Select(static s => s.Window.Value)]),
                Of("firsts", [.. stretches.Select(static s => (long)s.First)]),
                Of("lasts", [.. stretches.Select(static s => (long)s.Last)]),
                Of("limit", limits.Chunks), Of("bytes", limits.Bytes),
            ],
            cancellationToken).ConfigureAwait(false);
        return new([.. rows.Select(static row => row.Chunk)], rows.Count > 0 && rows[0].Found > rows.Count);
    }

    private static ReadOnlyMemory<byte>? BodyOf(NpgsqlDataReader row) => row.IsDBNull(14) ? default(ReadOnlyMemory<byte>?) : row.Bytes(14);
}
