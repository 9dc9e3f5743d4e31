using System.Security.Cryptography;
using SessionReplay.FaultTests.Hosts;
using SessionReplay.LoadGenerator;
using SessionReplay.Testing;

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
        var acknowledged = ledger.Acknowledged.ToHashSet();
        foreach (var (session, window) in acknowledged.Select(name => (name.Session, name.Window)).Distinct())
        {
            var address = $"{front.Url}/api/tenants/{Settings.Tenant}/sessions/{session:N}";
            foreach (var record in await PlaybackStream.GetWindowAsync(http, address, window))
            {
                var name = new BatchName(session, window, record.Seq);
                if (acknowledged.Contains(name))
                {
                    chunks[name] = Convert.ToHexString(SHA256.HashData(record.Unpack()));
                }
            }
        }

        return chunks;
    }

    public void Dispose() => Load.Dispose();
}
