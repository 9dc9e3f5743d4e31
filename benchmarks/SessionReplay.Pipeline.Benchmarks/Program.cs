using BenchmarkDotNet.Running;
using SessionReplay.Pipeline.Benchmarks.Arriving;
using SessionReplay.Pipeline.Benchmarks.Puts;

if (args is ["puts", ..])
{
    return await PutsCommand.RunAsync(args[1..]);
}

if (args is ["arriving", ..])
{
    return await ArrivingCommand.RunAsync(args[1..]);
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
