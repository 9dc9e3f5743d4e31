using BenchmarkDotNet.Running;
using SessionReplay.Pipeline.Benchmarks.Puts;

if (args is ["puts", ..])
{
    return await PutsCommand.RunAsync(args[1..]);
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
