using System.Collections.Concurrent;
using System.Security.Cryptography;
using SessionReplay.Wire;

namespace SessionReplay.LoadGenerator;

/// <summary>Keeps what was sent and what was answered with 202.</summary>
public sealed class Ledger
{
    private readonly ConcurrentDictionary<BatchName, string> _sent = new();
    private readonly ConcurrentDictionary<BatchName, byte> _acknowledged = new();
    private int _requests;

    /// <summary>Every batch that left a visitor, with its fingerprint.</summary>
    public IReadOnlyDictionary<BatchName, string> Sent => _sent;

    /// <summary>The batches that were answered with 202.</summary>
    public ICollection<BatchName> Acknowledged => _acknowledged.Keys;

    /// <summary>How many requests were made; a batch takes several when the server fails.</summary>
    public int Requests => _requests;

    public int AcknowledgedCount => _acknowledged.Count;

    public void AddSent(BatchName name, EventBatch batch) => _sent[name] = Fingerprint(batch);

    public void AddRequest() => Interlocked.Increment(ref _requests);

    public void AddAcknowledged(BatchName name) => _acknowledged[name] = 0;

    /// <summary>Tells one batch's events from another's by what no sanitizer changes: number, order, times and kinds.</summary>
    public static string Fingerprint(EventBatch batch)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var item in batch.Events)
        {
            hash.AppendData(BitConverter.GetBytes(item.Time));
            hash.AppendData([(byte)item.BodyCase]);
        }

        return $"{batch.Events.Count}:{Convert.ToHexString(hash.GetHashAndReset(), 0, 8)}";
    }
}
