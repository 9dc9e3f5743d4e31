using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using SessionReplay.Catalog;
using SessionReplay.Wire;

namespace SessionReplay.AspNetCore.Tests.Playback;

/// <summary>Rows of the catalog that somebody has changed: each shows as damaged, and all others as before.</summary>
public sealed class TamperedCatalogTests : IAsyncLifetime
{
    private readonly SessionId _session = BatchSamples.NewSession();
    private readonly SessionId _other = BatchSamples.NewSession();
    private readonly WindowId _window = WindowId.Create(TimeProvider.System);
    private FullHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await FullHost.StartAsync();
        await _host.RecordAsync(_session, [.. Enumerable.Range(0, 4).Select(i => Batch(_session, _window, (uint)i))]);
        await _host.RecordAsync(_other, Batch(_other, WindowId.Create(TimeProvider.System), 0));
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData("user_sealed = x'00'", "facts-damaged")]
    [InlineData("user_sealed = zeroblob(64)", "facts-damaged")]
    [InlineData("ip_sealed = (SELECT user_sealed FROM sessions LIMIT 1)", "facts-damaged")]
    [InlineData("user_sealed = (SELECT s.user_sealed FROM sessions s WHERE s.session <> sessions.session)", "facts-damaged")]
    [InlineData("last_activity_at = 9007199254740991", "row-damaged")]
    [InlineData("last_activity_at = -1", "row-damaged")]
    [InlineData("pages = 9223372036854775807", "row-damaged")]
    [InlineData("chunks = -1", "row-damaged")]
    [InlineData("started_at = 9223372036854775807", "row-damaged")]
    public async Task List_RowOfASessionChanged_OnlyThatRowSaysSo(string change, string problem)
    {
        Change($"UPDATE sessions SET {change} WHERE session = $session");

        var sessions = (await _host.GetAsync("api/sessions")).GetProperty("sessions").EnumerateArray()
            .ToDictionary(s => s.GetProperty("id").GetString()!);

        Assert.Equal(2, sessions.Count);
        Assert.Equal(problem, sessions[_session.ToString()].GetProperty("problem").GetString());
        Assert.Equal(JsonValueKind.Null, sessions[_session.ToString()].GetProperty("user").ValueKind);
        Assert.Equal(JsonValueKind.Null, sessions[_other.ToString()].GetProperty("problem").ValueKind);
        Assert.Equal("ann@shop.example", sessions[_other.ToString()].GetProperty("user").GetProperty("email").GetString());
    }

    [Fact]
    public async Task Manifest_LastChunksGone_TheWindowSaysHowManyThereWere()
    {
        Change("DELETE FROM chunks WHERE seq >= 2 AND session_id = (SELECT id FROM sessions WHERE session = $session)");

        var window = (await ManifestAsync()).GetProperty("windows")[0];

        Assert.Equal("[[2,3]]", window.GetProperty("missing").GetRawText());
        Assert.Equal(2, window.GetProperty("chunks").GetArrayLength());
    }

    [Theory]
    [InlineData("end_sealed = x'00'")]
    [InlineData("end_sealed = (SELECT w.end_sealed FROM windows w WHERE w.session_id <> windows.session_id)")]
    public async Task Manifest_EndOfAWindowChanged_SaysSo(string change)
    {
        Change($"UPDATE windows SET {change} WHERE session_id = (SELECT id FROM sessions WHERE session = $session)");

        var window = (await ManifestAsync()).GetProperty("windows")[0];

        Assert.Equal("end-damaged", window.GetProperty("problem").GetString());
        Assert.False(window.GetProperty("closed").GetBoolean());
        Assert.Equal(4, window.GetProperty("chunks").GetArrayLength());
    }

    [Theory]
    [InlineData("offset = -1")]
    [InlineData("offset = -9223372036854775808")]
    [InlineData("length = -5")]
    [InlineData("length = 9223372036854775807")]
    [InlineData("length = 0")]
    [InlineData("facts = x'01'")]
    [InlineData("facts = (SELECT c.facts FROM chunks c WHERE c.seq = 2 AND c.session_id = chunks.session_id)")]
    public async Task Manifest_RowOfAChunkChanged_OnlyThatChunkSaysSo(string change)
    {
        Change($"UPDATE chunks SET {change} WHERE seq = 1 AND session_id = (SELECT id FROM sessions WHERE session = $session)");

        var chunks = (await ManifestAsync()).GetProperty("windows")[0].GetProperty("chunks").EnumerateArray().ToList();

        Assert.Equal([null, "row-damaged", null, null], chunks.Select(c => c.GetProperty("problem").GetString()));
        Assert.Equal(1, (await _host.GetAsync($"api/tenants/shop/sessions/{_session}")).GetProperty("damagedChunks").GetInt32());
        Assert.Equal(Batch(_session, _window, 2), await _host.ChunkAsync(_session, _window, 2));
    }

    [Theory]
    [InlineData("offset = -1", true)]
    [InlineData("length = -5", true)]
    [InlineData("length = 9223372036854775807", true)]
    [InlineData("length = length - 1", true)]
    [InlineData("offset = offset + 1, length = length - 1", true)]
    [InlineData("offset = 9223372036854775807", true)]
    [InlineData("offset = offset + 10000", true)]
    [InlineData("offset = offset + 1000000", true)]
    [InlineData("offset = offset - 1", true)]
    [InlineData("blob_key = '../../etc/passwd'", true)]
    [InlineData("blob_key = NULL, held_at = 1", true)]
    [InlineData("offset = -1", false)]
    [InlineData("length = -5", false)]
    [InlineData("length = 9223372036854775807", false)]
    [InlineData("length = length - 1", false)]
    [InlineData("blob_key = '../../etc/passwd', held_at = NULL", false)]
    public async Task Chunk_PlaceChanged_IsCorruptAndNothingElse(string change, bool compacted)
    {
        if (compacted)
        {
            await _host.SweepAsync();
        }

        Change($"UPDATE chunks SET {change} WHERE seq = 1 AND session_id = (SELECT id FROM sessions WHERE session = $session)");

        var records = await PlaybackStream.GetWindowAsync(_host.Client, $"api/tenants/shop/sessions/{_session}", _window.Value);

        Assert.Equal([0u, 1, 2, 3], records.Select(record => record.Seq));
        Assert.Contains(records[1].Problem, new[] { "chunk-corrupt", "chunk-missing" });
        Assert.Empty(records[1].Body);
        Assert.All(records.Where(record => record.Seq != 1), record => Assert.Equal(Batch(_session, _window, record.Seq), Open(record)));
    }

    [Theory]
    [InlineData("UPDATE chunk_bodies SET body = zeroblob(length(body))", "chunk-corrupt")]
    [InlineData("UPDATE chunk_bodies SET body = substr(body, 2)", "chunk-corrupt")]
    [InlineData("UPDATE chunk_bodies SET body = (SELECT b.body FROM chunk_bodies b WHERE b.chunk_id <> chunk_bodies.chunk_id)", "chunk-corrupt")]
    [InlineData("DELETE FROM chunk_bodies", "chunk-missing")]
    public async Task Chunk_BytesInTheCatalogChanged_AreCorruptAndNothingElse(string change, string problem)
    {
        Change(
            $"""
            {change} WHERE chunk_id = (
                SELECT c.id FROM chunks c JOIN sessions s ON s.id = c.session_id WHERE s.session = $session AND c.seq = 1)
            """);

        var records = await _host.BatchesAsync(_session, new ChunkStretch(_window, 0, 3));

        Assert.Equal([null, problem, null, null], records[..^1].Select(record => record.Problem));
        Assert.False(records[^1].HasMore);
        Assert.Equal(Batch(_session, _window, 3), Open(records[3]));
    }

    [Fact]
    public async Task Manifest_TimesAndCountsOfTheRowChanged_AreTakenFromTheFacts()
    {
        var before = (await ManifestAsync()).GetProperty("windows").GetRawText();
        Change(
            """
            UPDATE chunks SET flags = 1 - flags, events = 99, first_time = 1, last_time = 4611686018427387904
            WHERE session_id = (SELECT id FROM sessions WHERE session = $session)
            """);

        Assert.Equal(before, (await ManifestAsync()).GetProperty("windows").GetRawText());
    }

    [Theory]
    [InlineData("UPDATE chunks SET offset = -1, length = -5 WHERE id")]
    [InlineData("UPDATE chunks SET length = length - 1 WHERE id")]
    [InlineData("DELETE FROM chunk_bodies WHERE chunk_id")]
    public async Task Compaction_OfATamperedSession_LeavesOthersAlone(string change)
    {
        Change(
            $"""
            {change} = (SELECT c.id FROM chunks c JOIN sessions s ON s.id = c.session_id WHERE s.session = $session AND c.seq = 1)
            """);

        await _host.SweepAsync().WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Contains(
            _host.Blobs(),
            key => key.Contains(_other.ToString(), StringComparison.Ordinal) && key.EndsWith("_encrypted.bin", StringComparison.Ordinal));
        Assert.DoesNotContain(
            _host.Blobs(),
            key => key.Contains(_session.ToString(), StringComparison.Ordinal) && key.EndsWith("_encrypted.bin", StringComparison.Ordinal));
        Assert.Equal(Batch(_session, _window, 2), await _host.ChunkAsync(_session, _window, 2));
    }

    private static EventBatch Open(PlaybackRecord record) => EventBatch.Parser.ParseFrom(record.Unpack());

    private static EventBatch Batch(SessionId session, WindowId window, uint seq)
    {
        var batch = BatchSamples.CreateFull();
        batch.Last = false;
        batch.SessionId = BatchSamples.Bytes(session);
        batch.WindowId = BatchSamples.Bytes(window);
        batch.Seq = seq;
        batch.AddDom((BatchSamples.Time + 30, "{\"seq\":" + seq.ToString(CultureInfo.InvariantCulture) + "}"));
        return batch;
    }

    private Task<JsonElement> ManifestAsync() => _host.GetAsync($"api/tenants/shop/sessions/{_session}/manifest");

    private void Change(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_host.DataFolder, "catalog.db")}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$session", _session.Value.ToByteArray(bigEndian: true));
        Assert.True(command.ExecuteNonQuery() > 0);
    }
}
