using System.Globalization;
using System.Runtime.InteropServices;
using SessionReplay.ScaleOutProof;

// Called by samples/ScaleOut/prove.sh.
var given = new Dictionary<string, string>(StringComparer.Ordinal);
for (var i = 0; i < args.Length; i += 2)
{
    if (i + 1 == args.Length || args[i] is not ("--visitors" or "--seconds" or "--pace" or "--store"))
    {
        Console.Error.WriteLine("usage: [--visitors 200] [--seconds 120] [--pace 4] [--store ceph|s3rver]");
        return 2;
    }

    given[args[i]] = args[i + 1];
}

double Number(string name, double otherwise) =>
    given.TryGetValue(name, out var text) ? double.Parse(text, CultureInfo.InvariantCulture) : otherwise;

// Ends what was started before it ends itself.
using var stop = new CancellationTokenSource();
Action<PosixSignalContext> onSignal = context =>
{
    context.Cancel = true;
    stop.Cancel();
};
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, onSignal);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, onSignal);
var result = await new Proof(
    new ProofOptions
    {
        Visitors = (int)Number("--visitors", 200),
        Duration = TimeSpan.FromSeconds(Number("--seconds", 120)),
        Pace = TimeSpan.FromSeconds(Number("--pace", 4)),
        LightStore = given.GetValueOrDefault("--store") == "s3rver",
    },
    Console.WriteLine).RunAsync(stop.Token);
Console.WriteLine(result.Holds ? "PROVEN: every batch answered with 202 is in the recordings, exactly once." : "FAILED: see above.");
return result.Holds ? 0 : 1;
