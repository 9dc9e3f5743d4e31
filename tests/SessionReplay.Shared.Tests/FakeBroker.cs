using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SessionReplay.Queues;

namespace SessionReplay.Shared.Tests;

/// <summary>Calls to a broker that is not there, with a clock that is set by hand.</summary>
internal static class FakeBroker
{
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    public static BrokerCalls Calls(FakeTimeProvider? time = null) =>
        new(Timeout, Unavailable, time ?? new FakeTimeProvider(), NullLogger.Instance);

    public static QueueUnavailableException Unavailable(Exception cause) => new($"away: {cause.Message}", cause);

    /// <summary>Waits for what another thread does.</summary>
    public static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!condition())
        {
            await Task.Delay(5, limit.Token);
        }
    }
}
