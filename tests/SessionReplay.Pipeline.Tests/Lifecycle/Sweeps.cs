using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SessionReplay.Pipeline.Lifecycle;

namespace SessionReplay.Pipeline.Tests.Lifecycle;

/// <summary>Runs sweeps at other times than now.</summary>
internal static class Sweeps
{
    /// <summary>Makes a sweep with a clock of its own; for one that deletes assets, they are deleted at that time too.</summary>
    public static T Create<T>(IServiceProvider services, TimeProvider clock)
        where T : ISweep
    {
        var guard = ActivatorUtilities.CreateInstance<RetentionGuard>(services, clock);
        var turns = ActivatorUtilities.CreateInstance<SweepTurns>(services, clock, guard);
        return typeof(T) == typeof(AssetSweep)
            ? ActivatorUtilities.CreateInstance<T>(
                services, clock, turns, ActivatorUtilities.CreateInstance<AssetDeletion>(services, clock))
            : ActivatorUtilities.CreateInstance<T>(services, clock, turns);
    }

    /// <summary>Runs a sweep once, some days from now, with a clock that has proved to be right.</summary>
    public static async Task<int> RunAsync<T>(IServiceProvider services, int days)
        where T : ISweep
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddDays(days) - RetentionGuard.ProofTime);
        var sweep = Create<T>(services, clock);
        clock.Advance(RetentionGuard.ProofTime);
        return await sweep.RunAsync(default);
    }
}
