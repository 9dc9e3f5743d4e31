using SessionReplay.Keys;

namespace SessionReplay.Crypto.Ciphers;

/// <summary>
/// Asks the key store whether keys are still there. Those that are asked for while a query is on its way are the next one: however many
/// sessions are active, a process has one query at a time.
/// </summary>
internal sealed class KeyCheck(IKeyStore store)
{
    /// <summary>What the key store takes at once.</summary>
    private const int MaxKeys = 1_000;

    private readonly Lock _gate = new();
    private Batch? _open;
    private Task _last = Task.CompletedTask;

    /// <returns>Whether the key is there.</returns>
    /// <exception cref="KeyStoreUnavailableException">The store cannot be reached.</exception>
    public async ValueTask<bool> IsThereAsync(DataKeyId id, CancellationToken cancellationToken)
    {
        var found = await Join(id).WaitAsync(cancellationToken).ConfigureAwait(false);
        return found.ContainsKey(id);
    }

    private Task<IReadOnlyDictionary<DataKeyId, DataKeyEntry>> Join(DataKeyId id)
    {
        lock (_gate)
        {
            if (_open is null || _open.Ids.Count == MaxKeys)
            {
                var batch = new Batch();
                batch.Query = RunAsync(batch, _last);
                (_open, _last) = (batch, batch.Query);
            }

            _open.Ids.Add(id);
            return _open.Query;
        }
    }

    private async Task<IReadOnlyDictionary<DataKeyId, DataKeyEntry>> RunAsync(Batch batch, Task before)
    {
        await Task.Yield();
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate)
        {
            if (_open == batch)
            {
                _open = null;
            }
        }

        // Shared by all who wait for it, so it is not cancelled by one of them; the store's own time-outs bound it.
        return await store.FindManyAsync(batch.Ids, CancellationToken.None).ConfigureAwait(false);
    }

    private sealed class Batch
    {
        public HashSet<DataKeyId> Ids { get; } = [];

        public Task<IReadOnlyDictionary<DataKeyId, DataKeyEntry>> Query { get; set; } = null!;
    }
}
