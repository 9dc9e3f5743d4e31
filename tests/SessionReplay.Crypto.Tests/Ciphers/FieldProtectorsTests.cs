using System.Text;
using Microsoft.Extensions.Options;
using SessionReplay.Crypto.Ciphers;
using SessionReplay.Keys;
using SessionReplay.Testing;

namespace SessionReplay.Crypto.Tests.Ciphers;

/// <summary>The fields of many sessions at once.</summary>
public sealed class FieldProtectorsTests : CipherProviderSuite
{
    [Fact]
    public async Task OpenFields_FiftySessions_IsOneQueryAndNoKeyManagementCall()
    {
        var management = new CountingKeyManagement(Crypto.Get<IKeyManagementService>());
        var sessions = Enumerable.Range(0, 50).Select(_ => CryptoFixture.NewSession()).ToList();
        var sealedFields = new Dictionary<SessionId, byte[]>();
        foreach (var session in sessions)
        {
            using var cipher = await Provider.GetOrCreateAsync(session, Upload.Secret, default);
            sealedFields[session.Session] = cipher.Fields.Seal("session.user", [1], Encoding.UTF8.GetBytes(session.ToString()));
        }

        // As in a process that has shown a list of this tenant before: the tenant's own key is cached, none of the sessions' is.
        using var cache = new CipherCache(Options.Create(new CryptoOptions()), Clock);
        var viewer = new CipherProvider(Store, management, cache, Clock);
        (await viewer.GetBlindIndexerAsync(new("shop"), default)).Dispose();
        Store.Calls.Clear();
        management.Calls = 0;

        using var fields = await viewer.OpenFieldsAsync(new("shop"), [.. sessions.Select(s => s.Session)], default);

        Assert.All(sessions, s => Assert.Equal(
            s.ToString(), Encoding.UTF8.GetString(fields.Of(s.Session).Open("session.user", [1], sealedFields[s.Session]))));
        Assert.Equal(["find 50"], Store.Calls);
        Assert.Equal(0, management.Calls);
    }

    [Fact]
    public async Task OpenFields_DeletedOrDamagedSession_IsAnErrorOfItAlone()
    {
        var store = new MemoryKeyStore();
        var provider = new CipherProvider(store, Crypto.Get<IKeyManagementService>(), Cache, Clock);
        var (deleted, damaged, bare) = (CryptoFixture.NewSession(), CryptoFixture.NewSession(), CryptoFixture.NewSession());
        byte[] field;
        using (var cipher = await provider.GetOrCreateAsync(Session, Upload.Secret, default))
        {
            field = cipher.Fields.Seal("a", [], [7]);
        }

        (await provider.GetOrCreateAsync(deleted, Upload.Secret, default)).Dispose();
        await provider.DeleteAsync(deleted, default);
        var row = (await store.FindAsync(DataKeyId.OfSession(Session), default))!;
        await store.GetOrAddAsync(row with { Id = DataKeyId.OfSession(damaged) }, default);
        await store.GetOrAddAsync(row with { Id = DataKeyId.OfSession(bare), SealedFactsKey = default }, default);

        using var fields = await provider.OpenFieldsAsync(
            new("shop"), [Session.Session, deleted.Session, damaged.Session, bare.Session], default);

        Assert.Equal([7], fields.Of(Session.Session).Open("a", [], field));
        Assert.Throws<KeyDeletedException>(() => fields.Of(deleted.Session));
        Assert.Equal("C6", Assert.Throws<FormatRejectedException>(() => fields.Of(damaged.Session)).Rule);
        Assert.Equal("C2", Assert.Throws<FormatRejectedException>(() => fields.Of(bare.Session)).Rule);
    }
}
