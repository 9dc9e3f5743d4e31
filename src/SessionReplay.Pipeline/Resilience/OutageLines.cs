using System.Collections.Concurrent;

namespace SessionReplay.Pipeline.Resilience;

/// <summary>Bounds what is logged while a dependency is away: one line a minute and dependency, and its stack trace once.</summary>
internal sealed class OutageLines(TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>After so long a silence it is another outage, whose trace is worth a look.</summary>
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(30);

    private readonly ConcurrentDictionary<Dependency, Lines> _lines = new();

    /// <summary>Whether a line may be written now.</summary>
    /// <param name="dependency">What is away.</param>
    /// <param name="held">How many lines were held back since the last.</param>
    /// <param name="isFirst">Whether it is the first of this outage.</param>
    public bool TryTake(Dependency dependency, out int held, out bool isFirst)
    {
        var lines = _lines.GetOrAdd(dependency, static _ => new Lines());
        lock (lines)
        {
            var silence = lines.WrittenAt is { } at ? clock.GetElapsedTime(at) : Forgotten;
            (held, isFirst) = (lines.Held, silence >= Forgotten);
            if (silence < Interval)
            {
                lines.Held++;
                return false;
            }

            (lines.Held, lines.WrittenAt) = (0, clock.GetTimestamp());
            return true;
        }
    }

    private sealed class Lines
    {
        public int Held { get; set; }

        public long? WrittenAt { get; set; }
    }
}
