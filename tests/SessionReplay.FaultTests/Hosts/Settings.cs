using System.Globalization;
using SessionReplay.Testing.Peers;

namespace SessionReplay.FaultTests.Hosts;

/// <summary>Configuration of the processes, by path.</summary>
internal static class Settings
{
    public const string WriteKey = "wk_fault_12345678";

    public const string Tenant = "shop";

    /// <summary>
    /// What all installations have in common. What is unavailable is given up and tried again soon: a test waits for both.
    /// </summary>
    /// <param name="folder">The folder of everything that is embedded, the key ring among it.</param>
    public static Dictionary<string, string?> Common(string folder) => new()
    {
        ["SessionReplay:DataDirectory"] = folder,
        ["SessionReplay:Tenants:0:Id"] = Tenant,
        ["SessionReplay:Tenants:0:WriteKeys:0:Key"] = WriteKey,
        ["SessionReplay:Ingest:RequestsPerSecondPerAddress"] = "100000",
        ["SessionReplay:Ingest:NewSessionsPerHourPerAddress"] = "1000000",
        ["SessionReplay:Ingest:WorkPerSecondPerAddress"] = "1000000000",
        ["SessionReplay:Ingest:RetryAfter"] = "00:00:01",
        ["SessionReplay:Ingest:PublishTimeout"] = "00:00:05",
        ["SessionReplay:Resilience:Queue:BreakDuration"] = "00:00:01",
        ["SessionReplay:Resilience:Storage:BreakDuration"] = "00:00:01",
        ["SessionReplay:Resilience:Catalog:BreakDuration"] = "00:00:01",
        ["SessionReplay:Resilience:Audit:BreakDuration"] = "00:00:01",
        ["SessionReplay:Resilience:KeyStore:BreakDuration"] = "00:00:01",
    };

    /// <summary>Catalog, audit log and key store on PostgreSQL.</summary>
    /// <param name="server">The server.</param>
    /// <param name="catalogPort">The port through which the catalog is reached.</param>
    /// <param name="keysPort">The port through which the key store is reached.</param>
    public static Dictionary<string, string?> PostgreSql(PostgreSqlServer server, int catalogPort, int keysPort) => new()
    {
        ["SessionReplay:Catalog:Provider"] = "PostgreSql",
        ["SessionReplay:Catalog:PostgreSql:ConnectionString"] = Through(server, catalogPort),
        ["SessionReplay:KeyStore:Provider"] = "PostgreSql",
        ["SessionReplay:KeyStore:PostgreSql:ConnectionString"] = Through(server, keysPort),
    };

    /// <summary>Sessions end soon after their last batch, and are compacted at once.</summary>
    public static Dictionary<string, string?> EndingSoon() => new()
    {
        ["SessionReplay:Sessions:IdleTimeout"] = "00:00:05",
        ["SessionReplay:Sessions:SweepInterval"] = "00:00:01",
    };

    /// <summary>
    /// A store that is slow, on a machine that is slow too, is waited for: what is shown is not how soon a time-out comes.
    /// </summary>
    public static Dictionary<string, string?> PatientWithTheStore() => new() { ["SessionReplay:Resilience:Storage:Timeout"] = "00:05:00" };

    /// <summary>Joins settings; the later ones win.</summary>
    public static Dictionary<string, string?> With(
        this IReadOnlyDictionary<string, string?> settings, IReadOnlyDictionary<string, string?> others)
    {
        var all = new Dictionary<string, string?>(settings);
        foreach (var (path, value) in others)
        {
            all[path] = value;
        }

        return all;
    }

    private static string Through(PostgreSqlServer server, int port) => server.ConnectionString.Replace(
        string.Create(CultureInfo.InvariantCulture, $"Port={server.Port};"), string.Create(CultureInfo.InvariantCulture, $"Port={port};"),
        StringComparison.Ordinal);
}
