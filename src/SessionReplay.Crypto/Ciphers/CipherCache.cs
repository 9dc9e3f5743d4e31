using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using SessionReplay.Keys;

namespace SessionReplay.Crypto.Ciphers;

/// <summary>
/// Keeps ciphers for a bounded time and in a bounded number, loads each once however many ask for it, and disposes one only when nobody
/// uses it. All entries live equally long, so the oldest is always the next to leave.
/// </summary>
internal sealed class CipherCache(IOptions<CryptoOptions> options, TimeProvider clock) : IDisposable
{
    private readonly CryptoOptions _options = options.Value;
    private readonly ConcurrentDictionary<DataKeyId, CipherCacheEntry> _entries = new();
    private readonly Queue<(DataKeyId Id, CipherCacheEntry Entry)> _byAge = new();

    public int Count => _entries.Count;

    public bool Contains(DataKeyId id) => _entries.TryGetValue(id, out var entry) && entry.ExpiresAt > clock.GetTimestamp();

    /// <summary>Gets a hold of a cipher that is in the cache and has not expired.</summary>
    public bool TryHold(DataKeyId id, out CipherCacheEntry entry) =>
        _entries.TryGetValue(id, out entry!) && entry.ExpiresAt > clock.GetTimestamp() && entry.TryHold();

    /// <summary>Gets a hold of a cipher, loading it when it is not there. The caller releases the hold.</summary>
    public async ValueTask<CipherCacheEntry> HoldAsync(DataKeyId id, Func<Task<IDisposable>> load, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (!TryHold(id, out var entry))
            {
                var now = clock.GetTimestamp();
                entry = new CipherCacheEntry(now, now + (long)(_options.KeyCacheTime.TotalSeconds * clock.TimestampFrequency), load);
                if (!TryAdd(id, entry))
                {
                    continue;
                }
            }

            try
            {
                await entry.LoadAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
                return entry;
            }
            catch
            {
                // A failed load is not kept; a caller that gave up only gives its own hold back.
                if (entry.HasFailed)
                {
                    Remove(id, entry);
                }

                entry.Release();
                throw;
            }
        }
    }

    /// <summary>Whether the key store is to be asked again if it has the key.</summary>
    public bool IsToBeChecked(CipherCacheEntry entry) => clock.GetElapsedTime(entry.CheckedAt) >= _options.KeyCheckTime;

    public void Remove(DataKeyId id)
    {
        if (_entries.TryRemove(id, out var entry))
        {
            entry.Release();
        }
    }

    public void Dispose()
    {
        foreach (var id in _entries.Keys)
        {
            Remove(id);
        }
    }

    private bool TryAdd(DataKeyId id, CipherCacheEntry entry)
    {
        entry.TryHold();
        lock (_byAge)
        {
            if (_entries.TryGetValue(id, out var other))
            {
                if (other.ExpiresAt > clock.GetTimestamp() && !other.IsDead)
                {
                    return false;
                }

                Remove(id, other);
            }

            _entries[id] = entry;
            _byAge.Enqueue((id, entry));
            while (_byAge.TryPeek(out var oldest)
                && (_byAge.Count > _options.MaxCachedKeys || oldest.Entry.ExpiresAt <= clock.GetTimestamp() || oldest.Entry.IsDead))
            {
                _byAge.Dequeue();
                Remove(oldest.Id, oldest.Entry);
            }
        }

        return true;
    }

    private void Remove(DataKeyId id, CipherCacheEntry entry)
    {
        if (_entries.TryRemove(KeyValuePair.Create(id, entry)))
        {
            entry.Release();
        }
    }
}
