using System.Security.Cryptography;
using SessionReplay.FaultTests.Hosts;
using SessionReplay.LoadGenerator;

namespace SessionReplay.FaultTests.Cases;

/// <summary>Visitors whose sessions are stored whole and will be compacted, with what each chunk was as it lay in its parts.</summary>
internal sealed record EndedLoad(Load Load, IReadOnlyDictionary<BatchName, string> Before) : IDisposable
{
    public IReadOnlyCollection<Guid> Sessions => [.. Load.Ledger.Acknowledged.Select(name => name.Session).Distinct()];

    /// <summary>Reads every acknowledged chunk as playback serves it.</summary>
    /// <returns>The hash of each one's bytes.</returns>
    public static async Task<IReadOnlyDictionary<BatchName, string>> ReadAsync(HttpClient http, HostProcess front, Ledger ledger)
    {
        var chunks = new Dictionary<BatchName, string>();
        foreach (var name in ledger.Acknowledged)
        {
            var bytes =
                await http.GetByteArrayAsync(
                    $"{front.Url}/api/tenants/{Settings.Tenant}/sessions/{name.Session:N}/chunks/{name.Window:N}/{name.Seq}");
            chunks[name] = Convert.ToHexString(SHA256.HashData(bytes));
        }

        return chunks;
    }

    public void Dispose() => Load.Dispose();
}
