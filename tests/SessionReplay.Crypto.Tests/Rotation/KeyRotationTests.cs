using System.Security.Cryptography;
using NSubstitute;
using SessionReplay.Crypto.KeyRing;
using SessionReplay.Crypto.Rotation;
using SessionReplay.Format;
using SessionReplay.Keys;
using SessionReplay.Testing;

namespace SessionReplay.Crypto.Tests.Rotation;

public sealed class KeyRotationTests : IDisposable
{
    private const int Sessions = 3;

    private readonly CryptoFixture _crypto = new();

    public void Dispose() => _crypto.Dispose();

    [Fact]
    public async Task Rotate_Twice_EveryKeyIsWrappedAnewAndOldChunksOpen()
    {
        var chunks = await RecordAsync();
        var ring = _crypto.Get<IKeyManagementService>();
        var rotation = _crypto.Get<KeyRotation>();
        var before = await ring.GetCurrentKeyIdAsync(default);

        for (var round = 0; round < 2; round++)
        {
            Assert.Equal(Sessions + 1, (await rotation.RotateAsync(default)).Rewrapped);
            var current = await ring.GetCurrentKeyIdAsync(default);
            Assert.NotEqual(before, current);
            Assert.Empty(await _crypto.Store.ListNotWrappedByAsync(current, null, 100, default));
            Assert.Equal(Sessions + 1, (await _crypto.Store.ListNotWrappedByAsync(before, null, 100, default)).Count);
            before = current;
        }

        // Another process, which has nothing in its cache.
        using var fresh = new CryptoFixture(store: _crypto.Store, ringPath: _crypto.RingPath);
        foreach (var chunk in chunks)
        {
            var header = ChunkHeaderCodec.Read(chunk);
            using var cipher = await fresh.Sessions.GetAsync(header.Id.SessionRef, default);
            cipher.Open(header.Id, chunk, new byte[header.PayloadLength]);
        }
    }

    [Fact]
    public async Task Rewrap_NothingToDo_LeavesTheKeys()
    {
        await RecordAsync();
        Assert.Equal(0, (await _crypto.Get<KeyRotation>().RewrapAsync(default)).Rewrapped);
    }

    [Fact]
    public async Task Rewrap_AfterACancelledRotation_DoesTheRest()
    {
        await RecordAsync();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await _crypto.Get<KeyRotation>().RotateAsync(cancelled.Token));

        Assert.Equal(Sessions + 1, (await _crypto.Get<KeyRotation>().RewrapAsync(default)).Rewrapped);
    }

    [Fact]
    public async Task Rotate_OtherProcessesRun_TheyWrapNewKeysWithTheNewKeyToo()
    {
        using var ingest = new CryptoFixture(ringPath: _crypto.RingPath);
        (await ingest.Sessions.GetOrCreateAsync(CryptoFixture.NewSession(), Upload.Secret, default)).Dispose();

        await _crypto.Get<KeyRotation>().RotateAsync(default);
        var current = await _crypto.Get<IKeyManagementService>().GetCurrentKeyIdAsync(default);
        await ingest.Get<KeyRotation>().RewrapAsync(default);
        (await ingest.Sessions.GetOrCreateAsync(CryptoFixture.NewSession(), Upload.Secret, default)).Dispose();

        Assert.Equal(current, await ingest.Get<IKeyManagementService>().GetCurrentKeyIdAsync(default));
        Assert.Empty(await ingest.Store.ListNotWrappedByAsync(current, null, 100, default));
    }

    [Fact]
    public async Task Rewrap_AnotherProcessRotatesMeanwhile_EndsWithTheNewestKey()
    {
        await RecordAsync();
        using var other = new CryptoFixture(ringPath: _crypto.RingPath);
        var ring = (IKeyRingRotation)other.Get<IKeyManagementService>();
        await ring.AddKeyAsync(default);
        var store = new MeddlingRotationStore(_crypto.Store, () => ring.AddKeyAsync(default).AsTask());
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));

        await new KeyRotation(_crypto.Get<IKeyManagementService>(), store).RewrapAsync(limit.Token);

        Assert.Empty(
            await _crypto.Store.ListNotWrappedByAsync(
                await other.Get<IKeyManagementService>().GetCurrentKeyIdAsync(default), null, 100, default));
    }

    [Fact]
    public async Task Rotate_OneKeyIsDamaged_WrapsTheOthersAndNamesIt()
    {
        await RecordAsync();
        var old = await _crypto.Get<IKeyManagementService>().GetCurrentKeyIdAsync(default);
        var damaged = (await _crypto.Store.ListNotWrappedByAsync("none", null, 100, default))[0];
        var bytes = damaged.Key.Ciphertext.ToArray();
        bytes[^1] ^= 1;
        Assert.True(await _crypto.Store.TryReplaceAsync(damaged, new(old, bytes), default));

        for (var round = 0; round < 2; round++)
        {
            var result = await _crypto.Get<KeyRotation>().RotateAsync(default);

            Assert.Equal(Sessions, result.Rewrapped);
            var failed = Assert.Single(result.Failed);
            Assert.Equal((damaged.Id, old), (failed.Id, failed.KeyEncryptionKeyId));
            Assert.Contains("not authentic", failed.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Rotate_MoreDamagedKeysThanAreListedAtOnce_WrapsTheOthers()
    {
        await RecordAsync();
        for (var i = 0; i < 600; i++)
        {
            await _crypto.Store.GetOrAddAsync(
                new(DataKeyId.OfSession(new(new("a-shop"), CryptoFixture.NewSession().Session)), new("gone", new byte[61]),
                    DateTimeOffset.UnixEpoch), default);
        }

        var result = await _crypto.Get<KeyRotation>().RotateAsync(default);

        Assert.Equal((Sessions + 1, 600), (result.Rewrapped, result.Failed.Count));
    }

    [Fact]
    public async Task Rotate_EveryKeyFails_EndsAfterTenThousand()
    {
        await _crypto.Get<IKeyManagementService>().GetCurrentKeyIdAsync(default);
        for (var i = 0; i < KeyRotation.MaxFailed + 10; i++)
        {
            await _crypto.Store.GetOrAddAsync(
                new(DataKeyId.OfSession(CryptoFixture.NewSession()), new("gone", new byte[61]), DateTimeOffset.UnixEpoch), default);
        }

        var result = await _crypto.Get<KeyRotation>().RewrapAsync(default);

        Assert.Equal((0, KeyRotation.MaxFailed), (result.Rewrapped, result.Failed.Count));
    }

    [Fact]
    public async Task Rotate_KeyManagementIsAway_EndsWithItsError()
    {
        await RecordAsync();
        var management = Substitute.For<IKeyManagementService>();
        management.GetCurrentKeyIdAsync(default).ReturnsForAnyArgs(ValueTask.FromResult("new"));
        management.UnwrapAsync(default, default!, default, default)
            .ReturnsForAnyArgs(ValueTask.FromException(new KeyManagementException("away")));

        await Assert.ThrowsAsync<KeyManagementException>(async () => await new KeyRotation(management, _crypto.Store).RewrapAsync(default));
    }

    private async Task<List<byte[]>> RecordAsync()
    {
        var chunks = new List<byte[]>();
        for (var i = 0; i < Sessions; i++)
        {
            var session = CryptoFixture.NewSession();
            using var cipher = await _crypto.Sessions.GetOrCreateAsync(session, Upload.Secret, default);
            chunks.Add(CryptoFixture.Seal(cipher, session, RandomNumberGenerator.GetBytes(100)));
        }

        (await _crypto.Tenants.GetBlindIndexerAsync(new("shop"), default)).Dispose();
        return chunks;
    }
}
