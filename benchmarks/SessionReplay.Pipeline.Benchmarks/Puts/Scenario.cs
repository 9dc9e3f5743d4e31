namespace SessionReplay.Pipeline.Benchmarks.Puts;

/// <summary>What the workers are told.</summary>
/// <param name="Shared">Whether the sessions of a group share one object.</param>
/// <param name="BatchSize"><c>Worker:BatchSize</c>.</param>
/// <param name="Linger"><c>Worker:LingerTime</c>.</param>
/// <param name="Concurrency"><c>Worker:Concurrency</c>.</param>
internal sealed record Scenario(bool Shared, int BatchSize, TimeSpan Linger, int Concurrency);
