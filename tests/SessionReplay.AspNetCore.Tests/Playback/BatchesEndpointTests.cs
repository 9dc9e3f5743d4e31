using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SessionReplay.Catalog;
using SessionReplay.Storage;
using SessionReplay.Wire;

namespace SessionReplay.AspNetCore.Tests.Playback;

/// <summary>Stretches of batches, from the catalog and from an object.</summary>
public sealed class BatchesEndpointTests : IAsyncLifetime
{
    private readonly SessionId _session = BatchSamples.NewSession();
    // In the order in which an object has them.
    private readonly WindowId _one = new(Guid.CreateVersion7(DateTimeOffset.UnixEpoch.AddYears(56)));
    private readonly WindowId _two = WindowId.Create(TimeProvider.System);
    private readonly ConcurrentQueue<string> _queries = [];
    private readonly ErrorLog _log = new();
    private WatchedBlobStore _store = null!;
    private FullHost _host = null!;

    public async Task InitializeAsync() => _host = await FullHost.StartAsync(build: (builder, replay) =>
    {
        builder.Logging.AddProvider(_log);
        replay.Services.Decorate<ICatalogReader>(inner => CountedCalls<ICatalogReader>.Before(inner, _queries));
        replay.Services.Decorate<IBlobStore>(inner => _store = new(inner));
    });

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _log.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Get_StretchesOfTwoWindows_ComeInOrderWithTwoQueriesAndAtMostOneRead(bool isCompacted)
    {
        await RecordAsync(_one, 0, 1, 2, 3);
        await RecordAsync(_two, 0, 1, 2);
        await BeginAsync(isCompacted);

        var records = await _host.BatchesAsync(
            _session, new(_one, 0, 0), new(_one, 2, 3), new(WindowId.Create(TimeProvider.System), 0, 9), new(_two, 1, uint.MaxValue));

        AssertBatches([(_one, 0), (_one, 2), (_one, 3), (_two, 1), (_two, 2)], records);
        Assert.False(records[^1].HasMore);
        Assert.Equal("""{"end":true,"more":false}""", records[^1].Head.GetRawText());
        Assert.All(records[..^1], record => Assert.Equal("gzip", record.Head.GetProperty("encoding").GetString()));
        Assert.Equal(["FindSessionAsync", "ReadStretchesAsync"], _queries);
        Assert.Equal(isCompacted ? 1 : 0, _store.Reads.Count);
    }

    [Fact]
    public async Task Get_AnyStretch_IsAStreamThatNobodyStores()
    {
        await RecordAsync(_one, 0);

        using var answer = await _host.Client.GetAsync(
            FullHost.BatchesPath(_session, new ChunkStretch(_one, 0, 0)), HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal("application/x-session-replay-stream", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.True(answer.Headers.CacheControl!.NoStore);
        Assert.Null(answer.Content.Headers.ContentLength);
        Assert.Empty(answer.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task Get_ChunksThatDoNotExist_AreLeftOut()
    {
        await RecordAsync(_one, 0, 3);

        Assert.False(Assert.Single(await _host.BatchesAsync(_session, new ChunkStretch(_one, 4, 9))).HasMore);
        AssertBatches([(_one, 0), (_one, 3)], await _host.BatchesAsync(_session, new ChunkStretch(_one, 0, 9)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Get_MoreThanAnAnswerHolds_EndsEarlyAndGoesOnWithTheNext(bool isCompacted)
    {
        await _host.RecordAsync(_session, [.. Enumerable.Range(0, 4).Select(seq => Large(_one, (uint)seq, 3_500_000))]);
        await BeginAsync(isCompacted);

        var records = await _host.BatchesAsync(_session, new ChunkStretch(_one, 0, 9));

        Assert.Equal([0u, 1], records[..^1].Select(record => record.Seq));
        Assert.True(records[^1].HasMore);
        Assert.Equal(isCompacted ? 1 : 0, _store.Reads.Count);
        var all = await PlaybackStream.GetWindowAsync(_host.Client, $"api/tenants/shop/sessions/{_session}", _one.Value);
        Assert.Equal([0u, 1, 2, 3], all.Select(record => record.Seq));
        Assert.All(all, record => Assert.NotEmpty(record.Unpack()));
    }

    [Fact]
    public async Task Get_FarApartInTheObject_IsNotReadInOneAnswer()
    {
        await _host.RecordAsync(_session, Batch(_one, 0), Large(_one, 1, 150_000), Batch(_one, 2), Large(_one, 3, 600_000), Batch(_one, 4));
        await BeginAsync(isCompacted: true);
        ChunkStretch[] asked = [new(_one, 0, 0), new(_one, 2, 2), new(_one, 4, 4)];

        var records = await _host.BatchesAsync(_session, asked);
        AssertBatches([(_one, 0), (_one, 2)], records);
        Assert.True(records[^1].HasMore);
        Assert.Single(_store.Reads);

        records = await _host.BatchesAsync(_session, asked[^1]);
        AssertBatches([(_one, 4)], records);
        Assert.False(records[^1].HasMore);
        // What lies before in the object is another answer's.
        records = await _host.BatchesAsync(_session, asked[1], asked[0]);
        AssertBatches([(_one, 2)], records);
        Assert.True(records[^1].HasMore);
    }

    [Fact]
    public async Task Get_ChunksOfTwoPlaces_AreTwoAnswers()
    {
        await RecordAsync(_one, 0, 1);
        await _host.SweepAsync();
        await _host.RecordAsync(_session, Batch(_one, 2));
        await FullHost.WaitAsync(async () => await _host.ChunksAsync(_session) == 3, "the late batch");
        await BeginAsync(isCompacted: false);

        var records = await _host.BatchesAsync(_session, new ChunkStretch(_one, 0, 2));
        AssertBatches([(_one, 0), (_one, 1)], records);
        Assert.True(records[^1].HasMore);
        Assert.Single(_store.Reads);
        records = await _host.BatchesAsync(_session, new ChunkStretch(_one, 2, 2));
        AssertBatches([(_one, 2)], records);
        Assert.Single(_store.Reads);
    }

    [Fact]
    public async Task Get_ObjectIsGone_SaysSoOfEachChunk()
    {
        await RecordAsync(_one, 0, 1);
        await BeginAsync(isCompacted: true);
        File.Delete(BlobFile());

        var records = await _host.BatchesAsync(_session, new ChunkStretch(_one, 0, 9));

        Assert.Equal([(0u, "chunk-missing"), (1u, "chunk-missing")], records[..^1].Select(record => (record.Seq, record.Problem!)));
        Assert.False(records[^1].HasMore);
        Assert.Equal(["FindSessionAsync", "ReadStretchesAsync", "ReadStretchesAsync"], _queries);
        Assert.Single(_log.Errors);
    }

    [Fact]
    public async Task Get_ObjectIsTooShort_GivesWhatIsThere()
    {
        await RecordAsync(_one, 0, 1, 2);
        await BeginAsync(isCompacted: true);
        await using (var blob = File.OpenWrite(BlobFile()))
        {
            var index = 3 * 48 + 32;
            blob.SetLength(blob.Length - index - 10);
        }

        var records = await _host.BatchesAsync(_session, new ChunkStretch(_one, 0, 9));

        AssertBatches([(_one, 0), (_one, 1)], [.. records[..2], records[^1]]);
        Assert.Equal(("chunk-corrupt", "R3"), (records[2].Problem, records[2].Rule));
        File.WriteAllBytes(BlobFile(), [1, 2]);
        records = await _host.BatchesAsync(_session, new ChunkStretch(_one, 0, 9));
        Assert.All(records[..3], record => Assert.Equal(("chunk-corrupt", "R3"), (record.Problem, record.Rule)));
    }

    [Fact]
    public async Task Get_ChunksMoveInBetween_AreLookedUpOnceMore()
    {
        await RecordAsync(_one, 0, 1);
        await BeginAsync(isCompacted: true);
        var file = BlobFile();
        var (folder, name) = (Path.GetDirectoryName(file)!, $"session_{_session}_7_part.bin");
        _store.Opening = async _ =>
        {
            _store.Opening = static _ => Task.CompletedTask;
            File.Move(file, Path.Combine(folder, name));
            await CatalogAsync("UPDATE chunks SET blob_key = replace(blob_key, $from, $to)", Path.GetFileName(file), name);
        };

        AssertBatches([(_one, 0), (_one, 1)], await _host.BatchesAsync(_session, new ChunkStretch(_one, 0, 9)));

        Assert.Equal(["FindSessionAsync", "ReadStretchesAsync", "ReadStretchesAsync"], _queries);
        Assert.Equal(2, _store.Reads.Distinct().Count());
        Assert.Empty(_log.Errors);
    }

    [Theory]
    [InlineData("")]
    [InlineData("stretch=")]
    [InlineData("stretch=0-1")]
    [InlineData("stretch=W.1-0")]
    [InlineData("stretch=W.0")]
    [InlineData("stretch=W.0-")]
    [InlineData("stretch=W.-1-0")]
    [InlineData("stretch=W.0-4294967296")]
    [InlineData("stretch=W.0-99999999999999999999999")]
    [InlineData("stretch=W.0-1.2")]
    [InlineData("stretch=W.0-1-2")]
    [InlineData("stretch=W.%2B0-1")]
    [InlineData("stretch=nonsense.0-1")]
    [InlineData("stretch=W.0-5&stretch=W.5-9")]
    [InlineData("stretch=W.0-9&stretch=W.3-4")]
    [InlineData("stretch=W.0-1&stretch=x")]
    [InlineData("33")]
    public async Task Get_BadStretch_IsAProblemThatSaysWhatToSend(string query)
    {
        await RecordAsync(_one, 0);
        query = query == "33"
            ? string.Join('&', Enumerable.Range(0, 33).Select(i => $"stretch={_one}.{i}-{i}"))
            : query.Replace("W", _one.ToString(), StringComparison.Ordinal);

        using var answer = await _host.Client.GetAsync($"api/tenants/shop/sessions/{_session}/batches?{query}");

        var problem = await IngestHost.ProblemAsync(answer, HttpStatusCode.BadRequest, "query-invalid");
        Assert.Contains("1 to 32 times, each time {window}.{first}-{last}", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private static EventBatch Open(PlaybackRecord record) => EventBatch.Parser.ParseFrom(record.Unpack());

    private EventBatch Batch(WindowId window, uint seq) => BatchSamples.Create(_session, window, seq);

    /// <summary>A batch that cannot be compressed to fewer bytes.</summary>
    private EventBatch Large(WindowId window, uint seq, int bytes)
    {
        var text = Convert.ToHexString(RandomNumberGenerator.GetBytes(bytes));
        return Batch(window, seq).AddDom((BatchSamples.Time, $$"""{"type":3,"data":{"source":0,"texts":[{"id":4,"value":"{{text}}"}]} }"""));
    }

    private Task RecordAsync(WindowId window, params uint[] seqs) =>
        _host.RecordAsync(_session, [.. seqs.Select(seq => Batch(window, seq))]);

    private async Task BeginAsync(bool isCompacted)
    {
        if (isCompacted)
        {
            await _host.SweepAsync();
        }

        _store.Reads.Clear();
        _queries.Clear();
    }

    private void AssertBatches((WindowId Window, uint Seq)[] expected, List<PlaybackRecord> records)
    {
        Assert.True(records[^1].IsEnd);
        Assert.Equal(
            expected.Select(name => (name.Window, name.Seq, Batch(name.Window, name.Seq))),
            records[..^1].Select(record => (new WindowId(record.Window), record.Seq, Open(record))));
    }

    private string BlobFile() => Path.Combine(
        _host.DataFolder, "blobs", Assert.Single(_host.Blobs(), blob => blob.Contains(_session.ToString(), StringComparison.Ordinal)));

    private async Task CatalogAsync(string change, string from, string to)
    {
        await using var connection = new Microsoft.Data.Sqlite.SqliteConnection(
            $"Data Source={Path.Combine(_host.DataFolder, "catalog.db")}");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = change;
        command.Parameters.AddWithValue("$from", from);
        command.Parameters.AddWithValue("$to", to);
        Assert.True(await command.ExecuteNonQueryAsync() > 0);
    }
}
