using System.Collections.Concurrent;
using SessionReplay.Keys;

namespace SessionReplay.Crypto.Tests.Ciphers;

/// <summary>Counts the calls to a store, and fails as often as it is told.</summary>
internal sealed class CountingKeyStore(IKeyStore inner) : IKeyStore
{
    public ConcurrentQueue<string> Calls { get; } = new();

    public int Failures { get; set; }

    /// <summary>What a look-up waits for.</summary>
    public TaskCompletionSource? Gate { get; set; }

    public async ValueTask<DataKeyEntry?> FindAsync(DataKeyId id, CancellationToken cancellationToken)
    {
        Calls.Enqueue("find");
        await (Gate?.Task ?? Task.CompletedTask);
        return Failures-- > 0 ? throw new KeyStoreUnavailableException("The store is away.") : await inner.FindAsync(id, cancellationToken);
    }

    public async ValueTask<IReadOnlyDictionary<DataKeyId, DataKeyEntry>> FindManyAsync(
        IReadOnlyCollection<DataKeyId> ids, CancellationToken cancellationToken)
    {
        Calls.Enqueue($"find {ids.Count}");
        await (Gate?.Task ?? Task.CompletedTask);
        return Failures-- > 0
            ? throw new KeyStoreUnavailableException("The store is away.")
            : await inner.FindManyAsync(ids, cancellationToken);
    }

    public ValueTask<DataKeyEntry> GetOrAddAsync(DataKeyEntry candidate, CancellationToken cancellationToken)
    {
        Calls.Enqueue("add");
        return inner.GetOrAddAsync(candidate, cancellationToken);
    }

    public ValueTask DeleteAsync(DataKeyId id, CancellationToken cancellationToken)
    {
        Calls.Enqueue("delete");
        return inner.DeleteAsync(id, cancellationToken);
    }
}
