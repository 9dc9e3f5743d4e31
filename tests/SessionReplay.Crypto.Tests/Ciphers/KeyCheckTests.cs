using SessionReplay.Keys;
using SessionReplay.Testing;

namespace SessionReplay.Crypto.Tests.Ciphers;

/// <summary>Whether the key store still has a key that is in the cache.</summary>
public sealed class KeyCheckTests : CipherProviderSuite
{
    [Fact]
    public async Task Delete_ByAnotherProcess_IsNoticedAfterTheCheckTime()
    {
        (await Provider.GetOrCreateAsync(Session, Upload.Secret, default)).Dispose();
        await Store.DeleteAsync(DataKeyId.OfSession(Session), default);
        (await Provider.GetOrCreateAsync(Session, Upload.Secret, default)).Dispose();

        Clock.Advance(TimeSpan.FromSeconds(3));

        await AssertGoneAsync(() => Provider.GetOrCreateAsync(Session, Upload.Secret, default));
        Assert.False(Cache.Contains(DataKeyId.OfSession(Session)));
        await AssertGoneAsync(() => Provider.GetAsync(Session, default));
    }

    [Fact]
    public async Task Get_ManySessionsInUse_AreCheckedByOneQueryAtATime()
    {
        var sessions = Enumerable.Range(0, 12).Select(_ => CryptoFixture.NewSession()).ToList();
        foreach (var session in sessions)
        {
            (await Provider.GetOrCreateAsync(session, Upload.Secret, default)).Dispose();
        }

        Clock.Advance(TimeSpan.FromSeconds(3));
        Store.Calls.Clear();
        var gate = Store.Gate = new();
        var first = GetAsync(sessions[0]);
        while (Store.Calls.IsEmpty)
        {
            await Task.Yield();
        }

        var others = sessions.Skip(1).Concat(sessions.Skip(1)).Select(GetAsync).ToList();
        gate.SetResult();
        await Task.WhenAll([first, .. others]);

        Assert.Equal(["find 1", "find 11"], Store.Calls);
        await Task.WhenAll(sessions.Select(GetAsync));
        Assert.Equal(2, Store.Calls.Count);

        async Task GetAsync(SessionRef session) => (await Provider.GetAsync(session, default)).Dispose();
    }

    [Fact]
    public async Task Get_KeyStoreAway_GoesOnWithTheCachedKeyAndChecksLater()
    {
        (await Provider.GetOrCreateAsync(Session, Upload.Secret, default)).Dispose();
        await Store.DeleteAsync(DataKeyId.OfSession(Session), default);
        Clock.Advance(TimeSpan.FromSeconds(3));
        Store.Failures = 1;

        (await Provider.GetAsync(Session, default)).Dispose();

        Clock.Advance(TimeSpan.FromSeconds(3));
        await AssertGoneAsync(() => Provider.GetAsync(Session, default));
    }
}
