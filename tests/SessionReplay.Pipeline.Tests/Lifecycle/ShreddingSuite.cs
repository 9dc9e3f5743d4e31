using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using SessionReplay.Format;
using SessionReplay.Keys;
using SessionReplay.Pipeline.Facts;
using SessionReplay.Queues;
using SessionReplay.Wire;

namespace SessionReplay.Pipeline.Tests.Lifecycle;

/// <summary>
/// What deletion promises: a session with a marker in every field is recorded, all files are copied at each stage, the session is deleted,
/// and nothing of it can be read from any copy with the keys that remain.
/// </summary>
public abstract class ShreddingSuite : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly SessionId _session = BatchSamples.NewSession();
    private readonly SessionId _kept = BatchSamples.NewSession();
    private readonly WindowId _window = WindowId.Create(TimeProvider.System);

    public virtual Task InitializeAsync() => Task.CompletedTask;

    public virtual Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Has a host keep its catalog and keys where this suite looks for them.</summary>
    /// <param name="replay">The host.</param>
    /// <param name="data">The folder that it works in: "data", or a copy of a stage.</param>
    protected abstract void Configure(ISessionReplayBuilder replay, string data);

    /// <summary>Copies catalog and keys of "data", together with its folder.</summary>
    protected abstract Task CopyDatabasesAsync(string copy);

    /// <summary>Gives a copy the keys that remain at the end.</summary>
    protected abstract void UseRemainingKeys(string copy);

    /// <summary>Reads one column.</summary>
    /// <param name="copy">The copy.</param>
    /// <param name="database">"catalog" or "keys".</param>
    /// <param name="sql">The query.</param>
    /// <param name="id">The value of <c>$id</c>: a session's id, or a hash.</param>
    protected abstract List<byte[]> Rows(string copy, string database, string sql, byte[] id);

    /// <summary>Looks for the wrapped keys in what is left after the deletion.</summary>
    protected abstract Task AssertKeysAreGoneAsync(IReadOnlyList<byte[]> wrapped);

    [SkippableFact]
    public async Task Delete_CopiesOfAllFilesOfEachStage_HoldNothingThatTheRemainingKeysOpen()
    {
        await RecordAsync();
        var wrapped = WrappedKeysOf(_session, "copy-stored");
        Assert.Equal(4, wrapped.Count);
        await DeleteAsync();

        // In clear it was nowhere at any time, and the wrapped keys are nowhere any more.
        Assert.Empty(DataFiles.FilesWith(Files("."), Encoding.UTF8.GetBytes(MarkedBatch.Marker)));
        Assert.Empty(DataFiles.FilesWith(Files("."), Encoding.Unicode.GetBytes(MarkedBatch.Marker)));
        await AssertKeysAreGoneAsync(wrapped);

        // Each copy with the keys of its own time opens, which shows that the test looks at the right things; with those that remain,
        // nothing does.
        var found = 0;
        foreach (var stage in new[] { "stored", "compacted" })
        {
            await using (var then = await StartAsync(SessionReplayRoles.Playback, $"copy-{stage}"))
            {
                Assert.Equal(["ann@" + MarkedBatch.Marker + ".example"], await EmailsAsync(then, _session));
                Assert.Equal(2, await CountOpenAssetsAsync(then, $"copy-{stage}", _session));
            }

            UseRemainingKeys($"copy-{stage}");
            await using var host = await StartAsync(SessionReplayRoles.Playback, $"copy-{stage}");
            Assert.Empty(await EmailsAsync(host, _session));
            Assert.Single(await EmailsAsync(host, _kept));
            Assert.Equal(0, await CountOpenAssetsAsync(host, $"copy-{stage}", _session));
            Assert.Equal(1, await CountOpenAssetsAsync(host, $"copy-{stage}", _kept));
            found += await AssertNothingOpensAsync(host, [.. SealedFields($"copy-{stage}")]);
            found += stage == "stored" ? await AssertNothingOpensAsync(host, [.. SealedMessages("copy-queued")]) : 0;
        }

        Assert.InRange(found, 20, 1_000);
    }

    /// <summary>Compacts and deletes the session, with a copy after each.</summary>
    private async Task DeleteAsync()
    {
        await using (var host = await StartAsync(SessionReplayRoles.All))
        {
            await host.SweepAsync();
            await CopyAsync("compacted");
            Assert.Equal(
                HttpStatusCode.NoContent,
                await host.StatusAsync($"api/tenants/shop/sessions/{_session}", HttpMethod.Delete, ("X-Session-Replay", "1")));
            await CopyAsync("deleted-live");
        }

        await CopyAsync("deleted");
    }

    /// <summary>Two batches wait, one of them as a dead letter; then a process with a worker stores what is left.</summary>
    private async Task RecordAsync()
    {
        await using (var ingest = await StartAsync(SessionReplayRoles.Ingest))
        {
            var image = await PutAssetAsync(ingest, _session, $"GIF89a{MarkedBatch.Marker}", "image/gif");
            var sheet = await PutAssetAsync(ingest, _session, $".{MarkedBatch.Marker} {{ background: url(sr-asset:{image}) }}", "text/css");
            Assert.Equal(HttpStatusCode.Accepted, await ingest.SendAsync(MarkedBatch.Create(_session, _window, 1)));
            var delivery = Assert.Single(await ingest.Services.GetRequiredService<IMessageQueue>().ReceiveAsync(10, default));
            await delivery.DeadLetterAsync("a test", default);
            Assert.Equal(HttpStatusCode.Accepted, await ingest.SendAsync(MarkedBatch.Create(_session, _window, 0).Naming(sheet)));
            var other = await PutAssetAsync(ingest, _kept, "GIF89a of another", "image/gif");
            Assert.Equal(
                HttpStatusCode.Accepted,
                await ingest.SendAsync(BatchSamples.CreateFull().In(_kept, WindowId.Create(TimeProvider.System)).Naming(other)));
            await CopyAsync("queued");
        }

        await using var host = await StartAsync(SessionReplayRoles.All);
        await FullHost.WaitAsync(async () => await host.ChunksAsync(_session) == 1 && await host.ChunksAsync(_kept) == 1, "the chunks");
        await CopyAsync("stored");
    }

    private static async Task<string> PutAssetAsync(FullHost host, SessionId session, string text, string type)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        using var content = IngestHost.Body(Upload.Frame(Encoding.UTF8.GetBytes(text)));
        using var answer = await host.Client.PostAsync($"v1/sessions/{session}/assets/{hash}?type={type}&key={FullHost.Key}", content);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        return hash;
    }

    private Task<FullHost> StartAsync(SessionReplayRoles roles, string data = "data") => FullHost.StartAsync(
        configure: options =>
        {
            options.DataDirectory = _folder.File(data);
            options.Roles = roles;
        },
        build: (_, replay) => Configure(replay, data));

    /// <summary>The wrapped session key and facts key, and those of the assets that the session alone names.</summary>
    private List<byte[]> WrappedKeysOf(SessionId session, string copy)
    {
        List<byte[]> keys =
        [
            .. Rows(copy, "keys", "SELECT ciphertext FROM keys WHERE id = $id", FactFields.Owner(session)),
            .. Rows(copy, "keys", "SELECT facts_key FROM keys WHERE id = $id", FactFields.Owner(session)),
        ];
        keys.AddRange(
            AssetsOf(copy, session).SelectMany(asset => Rows(copy, "keys", "SELECT ciphertext FROM keys WHERE id = $id", asset.Key)));
        return keys;
    }

    /// <summary>The assets that a session of a copy names, itself or by its stylesheets.</summary>
    private List<(byte[] Key, byte[] Hash)> AssetsOf(string copy, SessionId session)
    {
        const string Named =
            """
            SELECT a.hash FROM session_assets a JOIN sessions s ON s.id = a.session_id WHERE s.session = $id
            UNION SELECT n.named FROM asset_names n JOIN session_assets a ON a.hash = n.hash JOIN sessions s ON s.id = a.session_id WHERE s.session = $id
            """;
        return
        [
            .. Rows(copy, "catalog", Named, FactFields.Owner(session))
                .Select(hash => (Rows(copy, "catalog", "SELECT key FROM assets WHERE hash = $id", hash).Single(), hash)),
        ];
    }

    /// <summary>Tries the objects of a copy with every asset key of a key store.</summary>
    private async Task<int> CountOpenAssetsAsync(FullHost host, string copy, SessionId session)
    {
        var (shop, ciphers, opened) = (new TenantId("shop"), host.Services.GetRequiredService<ITenantCipherProvider>(), 0);
        var ids = await host.Services.GetRequiredService<IKeyLifecycle>().ListKeysAsync(
            shop, DataKeyPurpose.Asset, DateTimeOffset.MaxValue, null, 100, default);
        Assert.NotEmpty(ids);
        foreach (var (key, hash) in AssetsOf(copy, session))
        {
            var path = Path.Combine(_folder.File(copy), "blobs", BlobPaths.Asset(shop, new(key, bigEndian: true)));
            var asset = await System.IO.File.ReadAllBytesAsync(path);
            foreach (var id in ids)
            {
                using var cipher = await ciphers.GetAssetCipherAsync(shop, id.Id, default);
                try
                {
                    cipher.Open(ContentHash.FromBytes(hash), asset, new byte[asset.Length - AssetHeader.Size - AssetHeader.TagSize]);
                    opened++;
                }
                catch (FormatRejectedException e) when (e.Rule == "C5")
                {
                    // Of another key.
                }
            }
        }

        return opened;
    }

    private static async Task<List<string>> EmailsAsync(FullHost host, SessionId session)
    {
        var list = (await host.GetAsync("api/sessions")).GetProperty("sessions").EnumerateArray();
        return [.. list.Where(s => s.GetProperty("id").GetString() == session.ToString())
            .Select(s => s.GetProperty("user").GetProperty("email").GetString()!)];
    }

    /// <summary>Tries every sealed field and chunk of a copy, whatever it is called, with all that the remaining keys make.</summary>
    private async Task<int> AssertNothingOpensAsync(FullHost host, List<byte[]> fields)
    {
        var ciphers = host.Services.GetRequiredService<ISessionCipherProvider>();
        var session = new SessionRef(new("shop"), _session);
        await Assert.ThrowsAsync<KeyDeletedException>(async () => (await ciphers.GetAsync(session, default)).Dispose());
        await Assert.ThrowsAsync<KeyDeletedException>(
            async () => (await ciphers.GetOrCreateAsync(session, Upload.Secret, default)).Dispose());
        using var opened = await ciphers.OpenFieldsAsync(session.Tenant, [_session, _kept], default);
        Assert.Throws<KeyDeletedException>(() => opened.Of(_session));
        var remaining = opened.Of(_kept);
        byte[][] owners = [
            FactFields.Owner(_session), FactFields.Owner(_session, _window),
            FactFields.Owner(new ChunkId(session.Tenant, _session, _window, 0)),
            FactFields.Owner(new ChunkId(session.Tenant, _session, _window, 1))];
        string[] names = [FactFields.Chunk, FactFields.WindowEnd, FactFields.User, FactFields.Ip, FactFields.EntryUrl, FactFields.Event];
        foreach (var field in fields)
        {
            Assert.All(
                names, name =>
                    Assert.All(owners, owner => Assert.Throws<FormatRejectedException>(() => remaining.Open(name, owner, field))));
        }

        return fields.Count;
    }

    private IEnumerable<byte[]> SealedMessages(string copy)
    {
        foreach (var body in DataFiles.SqliteRows(File($"{copy}/queue.db"), "SELECT body FROM bodies", []))
        {
            if (ChunkHeaderCodec.Read(body.AsSpan(QueueMessageHeader.PrefixSize)).Id.Session != _session)
            {
                continue;
            }

            var entry = CatalogEntry.Parser.ParseFrom(body.AsSpan(QueueMessageHeader.Size, QueueMessageHeader.Read(body).EntryLength));
            foreach (var field in new[] { entry.Facts, entry.WindowEnd, entry.User, entry.Ip, entry.EntryUrl }.Concat(
                entry.CustomEvents.Select(e => e.Sealed)))
            {
                yield return field.ToByteArray();
            }
        }
    }

    private IEnumerable<byte[]> SealedFields(string copy)
    {
        foreach (var field in SealedMessages(copy))
        {
            yield return field;
        }

        const string OfSession = "session_id = (SELECT id FROM sessions WHERE session = $id)";
        foreach (var sql in new[]
        {
            "SELECT user_sealed FROM sessions WHERE session = $id", "SELECT ip_sealed FROM sessions WHERE session = $id",
            "SELECT entry_url_sealed FROM sessions WHERE session = $id", $"SELECT facts FROM chunks WHERE {OfSession}",
            $"SELECT end_sealed FROM windows WHERE {OfSession}",
            $"SELECT name_sealed FROM session_terms WHERE name_sealed IS NOT NULL AND {OfSession}",
        })
        {
            foreach (var field in Rows(copy, "catalog", sql, FactFields.Owner(_session)))
            {
                yield return field;
            }
        }
    }

    protected string File(string name) => _folder.File(name);

    protected string[] Files(string folder) =>
        [.. Directory.GetFiles(_folder.File(folder), "*", SearchOption.AllDirectories).Where(DataFiles.IsData)];

    private async Task CopyAsync(string stage)
    {
        DataFiles.CopyFolder(_folder.File("data"), _folder.File($"copy-{stage}"));
        await CopyDatabasesAsync($"copy-{stage}");
    }
}
