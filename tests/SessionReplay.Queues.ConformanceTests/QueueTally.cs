using System.Globalization;

namespace SessionReplay.Queues.ConformanceTests;

/// <summary>Counts what the suites did with one adapter.</summary>
public sealed class QueueTally
{
    private readonly Lock _lock = new();
    private long _cases;
    private long _sent;
    private long _acknowledged;
    private long _found;
    private long _duplicates;

    /// <summary>Adds a case.</summary>
    /// <param name="sent">Messages whose publish was tried.</param>
    /// <param name="acknowledged">Messages whose publish was confirmed.</param>
    /// <param name="found">Of these, how many were received.</param>
    /// <param name="duplicates">Deliveries of a message that had been acknowledged by a consumer before.</param>
    public void Add(long sent, long acknowledged, long found, long duplicates)
    {
        lock (_lock)
        {
            _cases++;
            _sent += sent;
            _acknowledged += acknowledged;
            _found += found;
            _duplicates += duplicates;
        }
    }

    public string Print(string adapter)
    {
        lock (_lock)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{adapter}: {_cases} cases, {_sent} sent, {_acknowledged} acknowledged, {_found} found, {_duplicates} duplicates");
        }
    }
}
