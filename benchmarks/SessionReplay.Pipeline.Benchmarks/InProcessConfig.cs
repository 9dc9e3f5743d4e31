using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace SessionReplay.Pipeline.Benchmarks;

/// <summary>Short runs within this process: results are read as ratios of one run.</summary>
internal sealed class InProcessConfig : ManualConfig
{
    public InProcessConfig() =>
        AddJob(Job.ShortRun.WithToolchain(new InProcessEmitToolchain(timeout: TimeSpan.FromMinutes(5), logOutput: false)));
}
