using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using SessionReplay.Crypto.Ciphers;
using SessionReplay.Keys;

namespace SessionReplay.Crypto.Tests.Ciphers;

/// <summary>A key leaves the memory when its cipher leaves the cache and nobody uses it any more.</summary>
public sealed class CipherCacheTests : IDisposable
{
    private static readonly TimeSpan CacheTime = TimeSpan.FromMinutes(5);

    private readonly FakeTimeProvider _clock = new();
    private readonly CipherCache _cache;

    public CipherCacheTests() =>
        _cache = new(Options.Create(new CryptoOptions { MaxCachedKeys = 2, KeyCacheTime = CacheTime }), _clock);

    public void Dispose() => _cache.Dispose();

    [Fact]
    public async Task Remove_NobodyHoldsIt_DisposesOfTheCipher()
    {
        var (id, cipher) = await AddAsync();

        _cache.Remove(id);

        Assert.True(cipher.IsDisposed);
        Assert.False(_cache.TryHold(id, out _));
    }

    [Fact]
    public async Task Remove_SomebodyHoldsIt_DisposesOfTheCipherAfterThem()
    {
        var (id, cipher) = await AddAsync();
        Assert.True(_cache.TryHold(id, out var held));

        _cache.Remove(id);
        Assert.False(cipher.IsDisposed);
        Assert.False(held.IsDead);
        held.Release();

        Assert.True(cipher.IsDisposed);
        Assert.False(held.TryHold());
    }

    [Fact]
    public async Task Hold_MoreThanTheCacheMayHave_DisposesOfTheOldest()
    {
        var (_, oldest) = await AddAsync();
        var (_, second) = await AddAsync();
        Assert.False(oldest.IsDisposed);

        var (_, third) = await AddAsync();

        Assert.Equal((true, false, false), (oldest.IsDisposed, second.IsDisposed, third.IsDisposed));
        Assert.Equal(2, _cache.Count);
    }

    [Fact]
    public async Task Hold_Expired_LoadsAnotherAndDisposesOfTheOld()
    {
        var (id, old) = await AddAsync();
        _clock.Advance(CacheTime - TimeSpan.FromMilliseconds(1));
        Assert.True(_cache.Contains(id));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(_cache.Contains(id));
        Assert.False(_cache.TryHold(id, out _));

        var (_, fresh) = await AddAsync(id);

        Assert.Equal((true, false), (old.IsDisposed, fresh.IsDisposed));
    }

    [Fact]
    public async Task Hold_Expired_DisposesOfOthersThatHaveExpired()
    {
        var (_, old) = await AddAsync();
        _clock.Advance(CacheTime);

        await AddAsync();

        Assert.True(old.IsDisposed);
        Assert.Equal(1, _cache.Count);
    }

    [Fact]
    public async Task Hold_LoadFails_IsNotKept()
    {
        var id = NewId();

        await Assert.ThrowsAsync<KeyDeletedException>(
            async () => await _cache.HoldAsync(id, () => Task.FromException<IDisposable>(new KeyDeletedException(id)), default));

        Assert.Equal(0, _cache.Count);
        var (_, cipher) = await AddAsync(id);
        Assert.False(cipher.IsDisposed);
    }

    [Fact]
    public async Task Hold_CallerGivesUpAndTheEntryLeaves_DisposesOfWhatIsLoadedLate()
    {
        var (id, loading, cipher) = (NewId(), new TaskCompletionSource<IDisposable>(), new TestCipher());
        using var given = new CancellationTokenSource();
        var waiting = _cache.HoldAsync(id, () => loading.Task, given.Token).AsTask();
        await given.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        _cache.Remove(id);

        loading.SetResult(cipher);

        await cipher.Disposed.WaitAsync(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Dispose_NobodyHoldsThem_DisposesOfAll()
    {
        var (_, one) = await AddAsync();
        var (_, other) = await AddAsync();

        _cache.Dispose();

        Assert.Equal((true, true), (one.IsDisposed, other.IsDisposed));
    }

    private static DataKeyId NewId() => DataKeyId.OfSession(CryptoFixture.NewSession());

    /// <summary>Has the cache load a cipher, and gives the hold back.</summary>
    private async Task<(DataKeyId Id, TestCipher Cipher)> AddAsync(DataKeyId? id = null)
    {
        var (key, cipher) = (id ?? NewId(), new TestCipher());
        var held = await _cache.HoldAsync(key, () => Task.FromResult<IDisposable>(cipher), default);
        Assert.Same(cipher, held.Cipher);
        held.Release();
        return (key, cipher);
    }

    private sealed class TestCipher : IDisposable
    {
        private readonly TaskCompletionSource _disposed = new();

        public Task Disposed => _disposed.Task;

        public bool IsDisposed => _disposed.Task.IsCompleted;

        public void Dispose() => _disposed.SetResult();
    }
}
