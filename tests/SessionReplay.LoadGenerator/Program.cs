using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using SessionReplay.LoadGenerator;
using SessionReplay.LoadGenerator.Abuse;

// Drives visitors against any installation, and proves that all arrived; or hostile clients beside one visitor, and proves that the bounds
// hold.
var options = new Dictionary<string, string>(StringComparer.Ordinal);
for (var i = 0; i + 1 < args.Length; i += 2)
{
    options[args[i]] = args[i + 1];
}

if (options.TryGetValue("--attack", out var attackers))
{
    Console.WriteLine(JsonSerializer.Serialize(
        await HostileClient.RunAllAsync(options["--ingest"], options["--key"], int.Parse(attackers, CultureInfo.InvariantCulture))));
    return 0;
}

if (options.TryGetValue("--hostile", out var hostile) && options.ContainsKey("--pid") && options.ContainsKey("--ingest")
    && options.ContainsKey("--key"))
{
    var result = await AbuseRun.RunAsync(new AbuseOptions(
        options["--ingest"],
        options["--key"],
        int.Parse(options["--pid"], CultureInfo.InvariantCulture),
        int.Parse(hostile, CultureInfo.InvariantCulture),
        TimeSpan.FromSeconds(double.Parse(options.GetValueOrDefault("--seconds", "30"), CultureInfo.InvariantCulture)),
        long.Parse(options.GetValueOrDefault("--max-mib", "684"), CultureInfo.InvariantCulture) << 20,
        double.Parse(options.GetValueOrDefault("--max-slowdown", "3"), CultureInfo.InvariantCulture)));
    Console.WriteLine(result);
    return result.Holds ? 0 : 1;
}

if (!options.TryGetValue("--ingest", out var ingest) || !options.TryGetValue("--playback", out var playback)
    || !options.TryGetValue("--key", out var key)
    || !options.TryGetValue("--tenant", out var tenant))
{
    Console.Error.WriteLine(
        "usage: --ingest http://host/session-replay[,…] --playback http://host/session-replay --key WRITE_KEY --tenant TENANT [--visitors 20] [--seconds 30] [--pace 1] [--user name:password]\n"
        + "       --hostile 24 --pid SERVER_PROCESS --ingest http://127.0.0.1:PORT/session-replay --key WRITE_KEY [--seconds 30] [--max-mib 684] [--max-slowdown 3]");
    return 2;
}

using var load = Load.Start(new LoadOptions
{
    Ingest = ingest.Split(','),
    WriteKey = key,
    Visitors = int.Parse(options.GetValueOrDefault("--visitors", "20"), CultureInfo.InvariantCulture),
    Pace = TimeSpan.FromSeconds(double.Parse(options.GetValueOrDefault("--pace", "1"), CultureInfo.InvariantCulture)),
});
await Task.Delay(TimeSpan.FromSeconds(double.Parse(options.GetValueOrDefault("--seconds", "30"), CultureInfo.InvariantCulture)));
await load.StopAsync();

using var http = new HttpClient();
if (options.TryGetValue("--user", out var user))
{
    http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(user)));
}

var verification = await new Verifier(http, playback, tenant).VerifyAsync(load.Ledger, TimeSpan.FromMinutes(5));
Console.WriteLine(verification);
return verification.Holds ? 0 : 1;
