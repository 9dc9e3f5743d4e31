namespace SessionReplay.AspNetCore.Ingest;

/// <summary>Lets one line a minute into the log.</summary>
internal sealed class LogPause(TimeProvider clock)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private long? _lastLine;

    /// <summary>Returns whether a line may be written now.</summary>
    public bool TryTake()
    {
        lock (_lock)
        {
            if (_lastLine is { } last && clock.GetElapsedTime(last) < Pause)
            {
                return false;
            }

            _lastLine = clock.GetTimestamp();
            return true;
        }
    }
}
