using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SessionReplay.Crypto.Ciphers;
using SessionReplay.Format;
using SessionReplay.Keys;
using SessionReplay.Testing;

namespace SessionReplay.Crypto.Tests.Ciphers;

public sealed class CipherProviderTests : CipherProviderSuite
{
    [Fact]
    public async Task GetOrCreate_AnotherSecret_IsRefusedCachedOrNot()
    {
        using var otherCache = new CipherCache(Options.Create(new CryptoOptions()), Clock);
        var second = new CipherProvider(Store, Crypto.Get<IKeyManagementService>(), otherCache, Clock);
        var other = new SessionSecret(new byte[SessionSecret.Size]);
        using var cipher = await Provider.GetOrCreateAsync(Session, Upload.Secret, default);

        Assert.Equal(
            Session,
            (await Assert.ThrowsAsync<SessionSecretException>(
                async () => await Provider.GetOrCreateAsync(Session, other, default))).Session);
        await Assert.ThrowsAsync<SessionSecretException>(async () => await second.GetOrCreateAsync(Session, other, default));
        await Assert.ThrowsAsync<SessionSecretException>(async () => await second.GetOrCreateAsync(Session, default, default));
        // The same id with another tenant is another session, with a secret of its own.
        (await Provider.GetOrCreateAsync(Session with { Tenant = new("other") }, other, default)).Dispose();
        (await second.GetOrCreateAsync(Session, Upload.Secret, default)).Dispose();
    }

    [Fact]
    public async Task GetOrCreate_NewSession_IsAdmittedOnceOrHasNoKey()
    {
        using var otherCache = new CipherCache(Options.Create(new CryptoOptions()), Clock);
        var second = new CipherProvider(Store, Crypto.Get<IKeyManagementService>(), otherCache, Clock);
        var refused = new InvalidOperationException("Too many.");
        var asked = 0;

        Assert.Same(refused, await Assert.ThrowsAsync<InvalidOperationException>(async () =>
            await Provider.GetOrCreateAsync(Session, Upload.Secret, () => throw refused, default)));
        Assert.Null(await Store.FindAsync(DataKeyId.OfSession(Session), default));
        for (var i = 0; i < 4; i++)
        {
            (await (i % 2 == 0 ? Provider : second).GetOrCreateAsync(Session, Upload.Secret, Admit, default)).Dispose();
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
        using var otherCache = new CipherCache(Options.Create(new CryptoOptions()), Clock);
        var second = new CipherProvider(Store, Crypto.Get<IKeyManagementService>(), otherCache, Clock);

        var won = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
        {
            try
            {
                (await (i % 2 == 0 ? Provider : second).GetOrCreateAsync(
                    Session, new([.. Enumerable.Repeat((byte)i, SessionSecret.Size)]), default)).Dispose();
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
        var ciphers =
            await Task.WhenAll(
                Enumerable.Range(0, 64)
                    .Select(_ => Task.Run(async () => await Provider.GetOrCreateAsync(Session, Upload.Secret, default))));

        // The tenant's metadata key, which wraps the session's facts key, is made at the first session.
        Assert.Equal(["find", "find", "add", "add"], Store.Calls);
        for (var i = 0; i < ciphers.Length; i++)
        {
            AssertOpens(ciphers[^(i + 1)], Seal(ciphers[i]));
        }

        Assert.All(ciphers, cipher => cipher.Dispose());
    }

    [Fact]
    public async Task GetOrCreate_TwoProcessesAtOnce_UseOneKey()
    {
        using var otherCache = new CipherCache(Options.Create(new CryptoOptions()), Clock);
        var other = new CipherProvider(Store, Crypto.Get<IKeyManagementService>(), otherCache, Clock);
        for (var round = 0; round < 20; round++)
        {
            var session = CryptoFixture.NewSession();
            var ciphers = await Task.WhenAll(
                Task.Run(async () => await Provider.GetOrCreateAsync(session, Upload.Secret, default)),
                Task.Run(async () => await other.GetOrCreateAsync(session, Upload.Secret, default)));
            AssertOpens(ciphers[1], Seal(ciphers[0], session));
            Assert.Equal(ciphers[0].SessionStarted, ciphers[1].SessionStarted);
            Assert.All(ciphers, cipher => cipher.Dispose());
        }
    }

    [Fact]
    public async Task Get_WithinTheCacheTime_AsksTheStoreOnce_AfterItAgain()
    {
        (await Provider.GetOrCreateAsync(Session, Upload.Secret, default)).Dispose();
        Clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        (await Provider.GetAsync(Session, default)).Dispose();
        // Only whether the key is still there is asked for within the time.
        Assert.Equal(["find", "find", "add", "add", "find 1"], Store.Calls);

        Clock.Advance(TimeSpan.FromTicks(1));
        (await Provider.GetAsync(Session, default)).Dispose();
        Assert.Equal(["find", "find", "add", "add", "find 1", "find", "find"], Store.Calls);
    }

    [Fact]
    public async Task GetOrCreate_MoreSessionsThanTheBound_OldestGoAndHeldOnesStayUsable()
    {
        using var held = await Provider.GetOrCreateAsync(Session, Upload.Secret, default);
        var chunk = Seal(held);
        for (var i = 0; i < 100; i++)
        {
            (await Provider.GetOrCreateAsync(CryptoFixture.NewSession(), Upload.Secret, default)).Dispose();
            Assert.InRange(Cache.Count, 1, 16);
        }

        Assert.False(Cache.Contains(DataKeyId.OfSession(Session)));
        AssertOpens(held, chunk);
        AssertOpens(held, Seal(held));
        held.Dispose();
        Assert.Throws<ObjectDisposedException>(() => held.Open(ChunkHeaderCodec.Read(chunk).Id, chunk, new byte[8]));
    }

    [Fact]
    public async Task Delete_ThenGet_IsGoneForGood()
    {
        (await Provider.GetOrCreateAsync(Session, Upload.Secret, default)).Dispose();
        await Provider.DeleteAsync(Session, default);

        Assert.False(Cache.Contains(DataKeyId.OfSession(Session)));
        await AssertGoneAsync(() => Provider.GetAsync(Session, default));
        await AssertGoneAsync(() => Provider.GetOrCreateAsync(Session, Upload.Secret, default));
    }

    [Fact]
    public async Task Delete_WhileHeld_TheHandleStaysUsable()
    {
        using var held = await Provider.GetOrCreateAsync(Session, Upload.Secret, default);
        await Provider.DeleteAsync(Session, default);
        AssertOpens(held, Seal(held));
    }

    [Fact]
    public async Task Get_NeverMade_IsGoneAndMakesNone()
    {
        await AssertGoneAsync(() => Provider.GetAsync(Session, default));
        Assert.Equal(["find"], Store.Calls);
        Assert.Equal(0, Cache.Count);
    }

    [Fact]
    public async Task GetOrCreate_StoreFailsOnce_IsNotRemembered()
    {
        Store.Failures = 1;
        await Assert.ThrowsAsync<KeyStoreUnavailableException>(
            async () => await Provider.GetOrCreateAsync(Session, Upload.Secret, default));
        Assert.Equal(0, Cache.Count);

        using var cipher = await Provider.GetOrCreateAsync(Session, Upload.Secret, default);
        AssertOpens(cipher, Seal(cipher));
    }

    [Fact]
    public async Task GetOrCreate_CallerGivesUp_OthersAreServed()
    {
        using var given = new CancellationTokenSource();
        var gate = Store.Gate = new();
        var first = Provider.GetOrCreateAsync(Session, Upload.Secret, given.Token).AsTask();
        var second = Provider.GetOrCreateAsync(Session, Upload.Secret, default).AsTask();
        await given.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        gate.SetResult();
        using var cipher = await second;
        AssertOpens(cipher, Seal(cipher));
        Assert.Equal(["find", "find", "add", "add"], Store.Calls);
    }

    [Fact]
    public async Task GetOrCreate_SqliteKeyStore_KeyOutlivesTheProcessAndDeletionIsFinal()
    {
        using var folder = new TempFolder();
        byte[] chunk;
        await using (var first = Services(folder))
        {
            using var cipher = await first.GetRequiredService<ISessionCipherProvider>().GetOrCreateAsync(Session, Upload.Secret, default);
            chunk = Seal(cipher);
        }

        await using var second = Services(folder);
        var sessions = second.GetRequiredService<ISessionCipherProvider>();
        using (var cipher = await sessions.GetAsync(Session, default))
        {
            AssertOpens(cipher, chunk);
        }

        await sessions.DeleteAsync(Session, default);
        await AssertGoneAsync(() => sessions.GetAsync(Session, default));
        await AssertGoneAsync(() => sessions.GetOrCreateAsync(Session, Upload.Secret, default));
    }

    private static ServiceProvider Services(TempFolder folder)
    {
        var builder = new TestBuilder();
        builder.AddCrypto().AddLocalKeyRing(o => o.Path = folder.File("ring.json")).AddSqliteKeyStore(o => o.Path = folder.File("keys.db"));
        return builder.Services.BuildServiceProvider();
    }
}
