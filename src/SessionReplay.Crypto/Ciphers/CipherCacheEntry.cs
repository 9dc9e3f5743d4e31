namespace SessionReplay.Crypto.Ciphers;

/// <summary>A cipher with the number of its holders: the cache itself and everyone who got it and has not given it back.</summary>
internal sealed class CipherCacheEntry(long madeAt, long expiresAt, Func<Task<IDisposable>> load)
{
    private readonly Lazy<Task<IDisposable>> _cipher = new(load);
    private int _holders = 1;
    private long _checkedAt = madeAt;

    public long ExpiresAt { get; } = expiresAt;

    /// <summary>When the key store was last known to have the key.</summary>
    public long CheckedAt
    {
        get => Volatile.Read(ref _checkedAt);
        set => Volatile.Write(ref _checkedAt, value);
    }

    public bool IsDead => Volatile.Read(ref _holders) == 0;

    public bool HasFailed => _cipher.IsValueCreated && (_cipher.Value.IsFaulted || _cipher.Value.IsCanceled);

    /// <summary>The cipher; only after <see cref="LoadAsync"/> has ended and within a hold.</summary>
    public IDisposable Cipher => _cipher.Value.Result;

    public Task LoadAsync() => _cipher.Value;

    public bool TryHold()
    {
        var holders = Volatile.Read(ref _holders);
        while (holders > 0)
        {
            var seen = Interlocked.CompareExchange(ref _holders, holders + 1, holders);
            if (seen == holders)
            {
                return true;
            }

            holders = seen;
        }

        return false;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0 && _cipher.IsValueCreated)
        {
            _ = DisposeCipherAsync(_cipher.Value);
        }
    }

    /// <summary>A load that nobody waits for any more still ends; its key must not stay in memory.</summary>
    private static async Task DisposeCipherAsync(Task<IDisposable> loading)
    {
        await ((Task)loading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (loading.IsCompletedSuccessfully)
        {
            loading.Result.Dispose();
        }
    }
}
