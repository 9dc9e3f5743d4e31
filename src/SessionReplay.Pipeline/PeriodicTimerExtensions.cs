namespace SessionReplay.Pipeline;

/// <summary>Lets a hosted service's loop end without an exception.</summary>
internal static class PeriodicTimerExtensions
{
    /// <returns>Whether the next tick has come; <see langword="false"/> when the process is stopping.</returns>
    public static async ValueTask<bool> WaitForTickOrStopAsync(this PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
