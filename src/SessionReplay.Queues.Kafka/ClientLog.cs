using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace SessionReplay.Queues.Kafka;

/// <summary>
/// Passes on what the clients of this process report and log. While brokers are away they report each failed connection, many a second:
/// each kind is passed on once a minute, with how often it came since.
/// </summary>
internal sealed class ClientLog(ILogger logger, TimeProvider time)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (long Told, int Held)> _kinds = [];

    internal void Report(Error error)
    {
        if (Counts(error.Code.ToString()) is { } held)
        {
            Log.ClientError(logger, error.Code.ToString(), error.Reason, held);
        }
    }

    internal void Report(LogMessage message)
    {
        // Failed connections are reported as errors too.
        if (message.Level <= SyslogLevel.Warning && message.Facility is not ("FAIL" or "ERROR") && Counts(message.Facility) is { } held)
        {
            Log.ClientWarning(logger, message.Facility, message.Message, held);
        }
    }

    /// <summary>
    /// Counts how many of the kind were held back since the last that was passed on; <see langword="null"/> when this one is held back too.
    /// </summary>
    private int? Counts(string kind)
    {
        lock (_lock)
        {
            if (_kinds.TryGetValue(kind, out var known) && time.GetElapsedTime(known.Told) < Quiet)
            {
                _kinds[kind] = known with { Held = known.Held + 1 };
                return null;
            }

            _kinds[kind] = (time.GetTimestamp(), 0);
            return known.Held;
        }
    }
}
