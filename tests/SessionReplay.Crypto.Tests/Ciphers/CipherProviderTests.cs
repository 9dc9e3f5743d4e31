using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using SessionReplay.Crypto.Ciphers;
using SessionReplay.Format;
using SessionReplay.Keys;
using SessionReplay.Testing;

namespace SessionReplay.Crypto.Tests.Ciphers;

public sealed class CipherProviderTests : IDisposable
{
    private readonly CryptoFixture _crypto = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly CountingKeyStore _store = new(new MemoryKeyStore());
    private readonly CipherCache _cache;
    private readonly CipherProvider _provider;
    private readonly SessionRef _session = CryptoFixture.NewSession();

    public CipherProviderTests()
    {
        _cache = new(Options.Create(new CryptoOptions { MaxCachedKeys = 16, KeyCacheTime = TimeSpan.FromMinutes(5) }), _clock);
        _provider = new(_store, _crypto.Get<IKeyManagementService>(), _cache, _clock);
    }

    public void Dispose()
    {
        _cache.Dispose();
        _crypto.Dispose();
    }

    [Fact]
    public async Task GetOrCreate_AnotherSecret_IsRefusedCachedOrNot()
    {
        using var otherCache = new CipherCache(Options.Create(new CryptoOptions()), _clock);
        var second = new CipherProvider(_store, _crypto.Get<IKeyManagementService>(), otherCache, _clock);
        var other = new SessionSecret(new byte[SessionSecret.Size]);
        using var cipher = await _provider.GetOrCreateAsync(_session, Upload.Secret, default);

        Assert.Equal(_session, (await Assert.ThrowsAsync<SessionSecretException>(async () => await _provider.GetOrCreateAsync(_session, other, default))).Session);
        await Assert.ThrowsAsync<SessionSecretException>(async () => await second.GetOrCreateAsync(_session, other, default));
        await Assert.ThrowsAsync<SessionSecretException>(async () => await second.GetOrCreateAsync(_session, default, default));
        // The same id with another tenant is another session, with a secret of its own.
        (await _provider.GetOrCreateAsync(_session with { Tenant = new("other") }, other, default)).Dispose();
        (await second.GetOrCreateAsync(_session, Upload.Secret, default)).Dispose();
    }

    [Fact]
    public async Task GetOrCreate_NewSession_IsAdmittedOnceOrHasNoKey()
    {
        using var otherCache = new CipherCache(Options.Create(new CryptoOptions()), _clock);
        var second = new CipherProvider(_store, _crypto.Get<IKeyManagementService>(), otherCache, _clock);
        var refused = new InvalidOperationException("Too many.");
        var asked = 0;

        Assert.Same(refused, await Assert.ThrowsAsync<InvalidOperationException>(async () =>
            await _provider.GetOrCreateAsync(_session, Upload.Secret, () => throw refused, default)));
        Assert.Null(await _store.FindAsync(DataKeyId.OfSession(_session), default));
        for (var i = 0; i < 4; i++)
        {
            (await (i % 2 == 0 ? _provider : second).GetOrCreateAsync(_session, Upload.Secret, Admit, default)).Dispose();
        }

        Assert.Equal(1, asked);

        ValueTask Admit()
        {
            asked++;
            return ValueTask.CompletedTask;
        }
    }

    [Fact]
    public async Task GetOrCreate_SecretsRace_OneWins()
    {
        using var otherCache = new CipherCache(Options.Create(new CryptoOptions()), _clock);
        var second = new CipherProvider(_store, _crypto.Get<IKeyManagementService>(), otherCache, _clock);

        var won = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
        {
            try
            {
                (await (i % 2 == 0 ? _provider : second).GetOrCreateAsync(_session, new([.. Enumerable.Repeat((byte)i, SessionSecret.Size)]), default)).Dispose();
                return true;
            }
            catch (SessionSecretException)
            {
                return false;
            }
        })));

        Assert.Single(won, true);
    }

    [Fact]
    public async Task GetOrCreate_ManyAtOnce_OneKeyAndOneChainOfStoreCalls()
    {
        var ciphers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(async () => await _provider.GetOrCreateAsync(_session, Upload.Secret, default))));

        // The tenant's metadata key, which wraps the session's facts key, is made at the first session.
        Assert.Equal(["find", "find", "add", "add"], _store.Calls);
        for (var i = 0; i < ciphers.Length; i++)
        {
            AssertOpens(ciphers[^(i + 1)], Seal(ciphers[i]));
        }

        Assert.All(ciphers, cipher => cipher.Dispose());
    }

    [Fact]
    public async Task GetOrCreate_TwoProcessesAtOnce_UseOneKey()
    {
        using var otherCache = new CipherCache(Options.Create(new CryptoOptions()), _clock);
        var other = new CipherProvider(_store, _crypto.Get<IKeyManagementService>(), otherCache, _clock);
        for (var round = 0; round < 20; round++)
        {
            var session = CryptoFixture.NewSession();
            var ciphers = await Task.WhenAll(
                Task.Run(async () => await _provider.GetOrCreateAsync(session, Upload.Secret, default)), Task.Run(async () => await other.GetOrCreateAsync(session, Upload.Secret, default)));
            AssertOpens(ciphers[1], Seal(ciphers[0], session));
            Assert.Equal(ciphers[0].SessionStarted, ciphers[1].SessionStarted);
            Assert.All(ciphers, cipher => cipher.Dispose());
        }
    }

    [Fact]
    public async Task Get_WithinTheCacheTime_AsksTheStoreOnce_AfterItAgain()
    {
        (await _provider.GetOrCreateAsync(_session, Upload.Secret, default)).Dispose();
        _clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        (await _provider.GetAsync(_session, default)).Dispose();
        // Only whether the key is still there is asked for within the time.
        Assert.Equal(["find", "find", "add", "add", "find 1"], _store.Calls);

        _clock.Advance(TimeSpan.FromTicks(1));
        (await _provider.GetAsync(_session, default)).Dispose();
        Assert.Equal(["find", "find", "add", "add", "find 1", "find", "find"], _store.Calls);
    }

    [Fact]
    public async Task GetOrCreate_MoreSessionsThanTheBound_OldestGoAndLeasedOnesStayUsable()
    {
        using var leased = await _provider.GetOrCreateAsync(_session, Upload.Secret, default);
        var chunk = Seal(leased);
        for (var i = 0; i < 100; i++)
        {
            (await _provider.GetOrCreateAsync(CryptoFixture.NewSession(), Upload.Secret, default)).Dispose();
            Assert.InRange(_cache.Count, 1, 16);
        }

        Assert.False(_cache.Contains(DataKeyId.OfSession(_session)));
        AssertOpens(leased, chunk);
        AssertOpens(leased, Seal(leased));
        leased.Dispose();
        Assert.Throws<ObjectDisposedException>(() => leased.Open(ChunkHeader.Read(chunk).Id, chunk, new byte[8]));
    }

    [Fact]
    public async Task Delete_ThenGet_IsGoneForGood()
    {
        (await _provider.GetOrCreateAsync(_session, Upload.Secret, default)).Dispose();
        await _provider.DeleteAsync(_session, default);

        Assert.False(_cache.Contains(DataKeyId.OfSession(_session)));
        await AssertGoneAsync(() => _provider.GetAsync(_session, default));
        await AssertGoneAsync(() => _provider.GetOrCreateAsync(_session, Upload.Secret, default));
    }

    [Fact]
    public async Task Delete_ByAnotherProcess_IsNoticedAfterTheCheckTime()
    {
        (await _provider.GetOrCreateAsync(_session, Upload.Secret, default)).Dispose();
        await _store.DeleteAsync(DataKeyId.OfSession(_session), default);
        (await _provider.GetOrCreateAsync(_session, Upload.Secret, default)).Dispose();

        _clock.Advance(TimeSpan.FromSeconds(3));

        await AssertGoneAsync(() => _provider.GetOrCreateAsync(_session, Upload.Secret, default));
        Assert.False(_cache.Contains(DataKeyId.OfSession(_session)));
        await AssertGoneAsync(() => _provider.GetAsync(_session, default));
    }

    [Fact]
    public async Task Get_ManySessionsInUse_AreCheckedByOneQueryAtATime()
    {
        var sessions = Enumerable.Range(0, 12).Select(_ => CryptoFixture.NewSession()).ToList();
        foreach (var session in sessions)
        {
            (await _provider.GetOrCreateAsync(session, Upload.Secret, default)).Dispose();
        }

        _clock.Advance(TimeSpan.FromSeconds(3));
        _store.Calls.Clear();
        var gate = _store.Gate = new();
        var first = GetAsync(sessions[0]);
        while (_store.Calls.IsEmpty)
        {
            await Task.Yield();
        }

        var others = sessions.Skip(1).Concat(sessions.Skip(1)).Select(GetAsync).ToList();
        gate.SetResult();
        await Task.WhenAll([first, .. others]);

        Assert.Equal(["find 1", "find 11"], _store.Calls);
        await Task.WhenAll(sessions.Select(GetAsync));
        Assert.Equal(2, _store.Calls.Count);

        async Task GetAsync(SessionRef session) => (await _provider.GetAsync(session, default)).Dispose();
    }

    [Fact]
    public async Task Get_KeyStoreAway_GoesOnWithTheCachedKeyAndChecksLater()
    {
        (await _provider.GetOrCreateAsync(_session, Upload.Secret, default)).Dispose();
        await _store.DeleteAsync(DataKeyId.OfSession(_session), default);
        _clock.Advance(TimeSpan.FromSeconds(3));
        _store.Failures = 1;

        (await _provider.GetAsync(_session, default)).Dispose();

        _clock.Advance(TimeSpan.FromSeconds(3));
        await AssertGoneAsync(() => _provider.GetAsync(_session, default));
    }

    [Fact]
    public async Task Delete_WhileLeased_TheLeaseEndsInItsOwnTime()
    {
        using var leased = await _provider.GetOrCreateAsync(_session, Upload.Secret, default);
        await _provider.DeleteAsync(_session, default);
        AssertOpens(leased, Seal(leased));
    }

    [Fact]
    public async Task Get_NeverMade_IsGoneAndMakesNone()
    {
        await AssertGoneAsync(() => _provider.GetAsync(_session, default));
        Assert.Equal(["find"], _store.Calls);
        Assert.Equal(0, _cache.Count);
    }

    [Fact]
    public async Task GetOrCreate_StoreFailsOnce_IsNotRemembered()
    {
        _store.Failures = 1;
        await Assert.ThrowsAsync<KeyStoreUnavailableException>(async () => await _provider.GetOrCreateAsync(_session, Upload.Secret, default));
        Assert.Equal(0, _cache.Count);

        using var cipher = await _provider.GetOrCreateAsync(_session, Upload.Secret, default);
        AssertOpens(cipher, Seal(cipher));
    }

    [Fact]
    public async Task GetOrCreate_CallerGivesUp_OthersAreServed()
    {
        using var given = new CancellationTokenSource();
        var gate = _store.Gate = new();
        var first = _provider.GetOrCreateAsync(_session, Upload.Secret, given.Token).AsTask();
        var second = _provider.GetOrCreateAsync(_session, Upload.Secret, default).AsTask();
        await given.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        gate.SetResult();
        using var cipher = await second;
        AssertOpens(cipher, Seal(cipher));
        Assert.Equal(["find", "find", "add", "add"], _store.Calls);
    }

    [Fact]
    public async Task GetOrCreate_SqliteKeyStore_KeyOutlivesTheProcessAndDeletionIsFinal()
    {
        using var folder = new TempFolder();
        byte[] chunk;
        await using (var first = Services(folder))
        {
            using var cipher = await first.GetRequiredService<ISessionCipherProvider>().GetOrCreateAsync(_session, Upload.Secret, default);
            chunk = Seal(cipher);
        }

        await using var second = Services(folder);
        var sessions = second.GetRequiredService<ISessionCipherProvider>();
        using (var cipher = await sessions.GetAsync(_session, default))
        {
            AssertOpens(cipher, chunk);
        }

        await sessions.DeleteAsync(_session, default);
        await AssertGoneAsync(() => sessions.GetAsync(_session, default));
        await AssertGoneAsync(() => sessions.GetOrCreateAsync(_session, Upload.Secret, default));
    }

    [Fact]
    public async Task OpenFields_FiftySessions_IsOneQueryAndNoKeyManagementCall()
    {
        var management = new CountingKeyManagement(_crypto.Get<IKeyManagementService>());
        var sessions = Enumerable.Range(0, 50).Select(_ => CryptoFixture.NewSession()).ToList();
        var sealedFields = new Dictionary<SessionId, byte[]>();
        foreach (var session in sessions)
        {
            using var cipher = await _provider.GetOrCreateAsync(session, Upload.Secret, default);
            sealedFields[session.Session] = cipher.Fields.Seal("session.user", [1], Encoding.UTF8.GetBytes(session.ToString()));
        }

        // As in a process that has shown a list of this tenant before: the tenant's own key is cached, none of the sessions' is.
        using var cache = new CipherCache(Options.Create(new CryptoOptions()), _clock);
        var viewer = new CipherProvider(_store, management, cache, _clock);
        (await viewer.GetBlindIndexerAsync(new("shop"), default)).Dispose();
        _store.Calls.Clear();
        management.Calls = 0;

        using var fields = await viewer.OpenFieldsAsync(new("shop"), [.. sessions.Select(s => s.Session)], default);

        Assert.All(sessions, s => Assert.Equal(
            s.ToString(), Encoding.UTF8.GetString(fields.Of(s.Session).Open("session.user", [1], sealedFields[s.Session]))));
        Assert.Equal(["find 50"], _store.Calls);
        Assert.Equal(0, management.Calls);
    }

    [Fact]
    public async Task OpenFields_DeletedOrDamagedSession_IsAnErrorOfItAlone()
    {
        var store = new MemoryKeyStore();
        var provider = new CipherProvider(store, _crypto.Get<IKeyManagementService>(), _cache, _clock);
        var (deleted, damaged, bare) = (CryptoFixture.NewSession(), CryptoFixture.NewSession(), CryptoFixture.NewSession());
        byte[] field;
        using (var cipher = await provider.GetOrCreateAsync(_session, Upload.Secret, default))
        {
            field = cipher.Fields.Seal("a", [], [7]);
        }

        (await provider.GetOrCreateAsync(deleted, Upload.Secret, default)).Dispose();
        await provider.DeleteAsync(deleted, default);
        var row = (await store.FindAsync(DataKeyId.OfSession(_session), default))!;
        await store.GetOrAddAsync(row with { Id = DataKeyId.OfSession(damaged) }, default);
        await store.GetOrAddAsync(row with { Id = DataKeyId.OfSession(bare), SealedFactsKey = default }, default);

        using var fields = await provider.OpenFieldsAsync(
            new("shop"), [_session.Session, deleted.Session, damaged.Session, bare.Session], default);

        Assert.Equal([7], fields.Of(_session.Session).Open("a", [], field));
        Assert.Throws<KeyDeletedException>(() => fields.Of(deleted.Session));
        Assert.Equal("C6", Assert.Throws<FormatRejectedException>(() => fields.Of(damaged.Session)).Rule);
        Assert.Equal("C2", Assert.Throws<FormatRejectedException>(() => fields.Of(bare.Session)).Rule);
    }

    private static ServiceProvider Services(TempFolder folder)
    {
        var builder = new TestBuilder();
        builder.AddCrypto().AddLocalKeyRing(o => o.Path = folder.File("ring.json")).AddSqliteKeyStore(o => o.Path = folder.File("keys.db"));
        return builder.Services.BuildServiceProvider();
    }

    private static async Task AssertGoneAsync(Func<ValueTask<ISessionCipher>> get) =>
        await Assert.ThrowsAsync<KeyDeletedException>(async () => (await get()).Dispose());

    private static void AssertOpens(ISessionCipher cipher, byte[] chunk)
    {
        var payload = new byte[chunk.Length - ChunkHeader.Size - ChunkHeader.TagSize];
        cipher.Open(ChunkHeader.Read(chunk).Id, chunk, payload);
        Assert.Contains(payload, b => b != 0);
    }

    private byte[] Seal(ISessionCipher cipher, SessionRef? session = null) => CryptoFixture.Seal(cipher, session ?? _session, RandomNumberGenerator.GetBytes(64));
}
