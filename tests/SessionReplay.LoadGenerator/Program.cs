using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using SessionReplay.LoadGenerator;

// Drives visitors against any installation, and proves that all arrived.
var options = new Dictionary<string, string>(StringComparer.Ordinal);
for (var i = 0; i + 1 < args.Length; i += 2)
{
    options[args[i]] = args[i + 1];
}

if (!options.TryGetValue("--ingest", out var ingest) || !options.TryGetValue("--playback", out var playback) || !options.TryGetValue("--key", out var key)
    || !options.TryGetValue("--tenant", out var tenant))
{
    Console.Error.WriteLine(
        "usage: --ingest http://host/session-replay[,…] --playback http://host/session-replay --key WRITE_KEY --tenant TENANT [--visitors 20] [--seconds 30] [--pace 1] [--user name:password]");
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
