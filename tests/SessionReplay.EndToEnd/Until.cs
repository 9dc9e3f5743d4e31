using System.Diagnostics;

namespace SessionReplay.EndToEnd;

/// <summary>Waits for what another process does.</summary>
internal static class Until
{
    /// <summary>Waits until a condition holds, at most two minutes.</summary>
    public static async Task HoldsAsync(Func<Task<bool>> condition, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(clock.Elapsed < TimeSpan.FromMinutes(2), $"Not within two minutes: {what}");
            await Task.Delay(100);
        }
    }
}
