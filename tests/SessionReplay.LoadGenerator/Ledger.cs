using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using SessionReplay.Testing;
using SessionReplay.Wire;

namespace SessionReplay.LoadGenerator;

/// <summary>Keeps what was sent and what was answered.</summary>
public sealed class Ledger
{
    private readonly ConcurrentDictionary<BatchName, BatchPrint> _sent = new();
    private readonly ConcurrentDictionary<BatchName, byte> _acknowledged = new();
    private readonly ConcurrentDictionary<HttpStatusCode, int> _answers = new();
    private int _requests;
    private int _unadvised;

    /// <summary>Every batch that left a visitor, with what tells it from others.</summary>
    public IReadOnlyDictionary<BatchName, BatchPrint> Sent => _sent;

    /// <summary>The batches that were answered with 202.</summary>
    public ICollection<BatchName> Acknowledged => _acknowledged.Keys;

    /// <summary>How many requests were made; a batch takes several when the server fails.</summary>
    public int Requests => _requests;

    public int AcknowledgedCount => _acknowledged.Count;

    /// <summary>How often each status was answered. A request that got no answer is in none.</summary>
    public IReadOnlyDictionary<HttpStatusCode, int> Answers => _answers;

    /// <summary>How many answers of 429 and 503 did not say when to try again.</summary>
    public int Unadvised => _unadvised;

    public void AddSent(BatchName name, EventBatch batch) => _sent[name] = Fingerprint(batch);

    public void AddRequest() => Interlocked.Increment(ref _requests);

    public void AddAcknowledged(BatchName name) => _acknowledged[name] = 0;

    public void AddAnswer(HttpResponseMessage answer)
    {
        _answers.AddOrUpdate(answer.StatusCode, 1, (_, count) => count + 1);
        if (answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable && answer.Headers.RetryAfter is null)
        {
            Interlocked.Increment(ref _unadvised);
        }
    }

    /// <summary>Tells one batch's events from another's by what no sanitizer changes: number, order, times and kinds.</summary>
    public static BatchPrint Fingerprint(EventBatch batch)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var times = DomEvents.Times(batch.DomEvents);
        foreach (var time in times)
        {
            hash.AppendData(BitConverter.GetBytes(time));
        }

        foreach (var item in batch.Events)
        {
            hash.AppendData(BitConverter.GetBytes(item.Time));
            hash.AppendData([(byte)item.BodyCase]);
        }

        return new(batch.Events.Count + times.Count, Convert.ToHexString(hash.GetHashAndReset(), 0, 8));
    }
}
