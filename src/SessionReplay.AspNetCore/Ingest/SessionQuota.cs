using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>
/// Counts what each session has sent to this process, approximately: batches sent again count again, and sessions that have been silent while many others
/// were not are forgotten. A session above its quota is refused from then on.
/// </summary>
internal sealed class SessionQuota(IOptions<SessionReplayOptions> options)
{
    private const int Generation = 50_000;

    private readonly Lock _lock = new();
    private readonly RecentMap<SessionRef, (long Bytes, int Batches)> _used = new(Generation);

    /// <exception cref="IngestRejectedException">The session is above its quota.</exception>
    public void Add(SessionRef session, int bytes)
    {
        var limits = options.Value.Ingest;
        lock (_lock)
        {
            _used.TryGet(session, out var used);
            used = (used.Bytes + bytes, used.Batches + 1);
            _used.Set(session, used);
            if (used.Bytes <= limits.MaxSessionBytes && used.Batches <= limits.MaxSessionBatches)
            {
                return;
            }
        }

        throw new IngestRejectedException(
            StatusCodes.Status429TooManyRequests, "session-quota", "The session has sent more than one session may.", "It is not recorded further.") { IsFinal = true };
    }
}
