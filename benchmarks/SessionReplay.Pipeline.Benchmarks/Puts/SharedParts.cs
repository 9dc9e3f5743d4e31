using System.Collections.Concurrent;
using System.Globalization;
using SessionReplay.Pipeline.Messages;
using SessionReplay.Pipeline.Worker;

namespace SessionReplay.Pipeline.Benchmarks.Puts;

/// <summary>
/// The layout of several sessions in one object: one for each tenant of a group. It knows by how many sessions each object is still named.
/// </summary>
internal sealed class SharedParts : IPartLayout
{
    private readonly ConcurrentDictionary<string, int> _sessions = new(StringComparer.Ordinal);

    public IEnumerable<PlannedPart> Plan(IEnumerable<ParsedMessage> messages)
    {
        foreach (var tenant in messages.GroupBy(message => message.Chunk.Id.Tenant))
        {
            var day = DateTimeOffset.FromUnixTimeMilliseconds(tenant.First().Message.ReceivedAt);
            var key = string.Create(CultureInfo.InvariantCulture, $"{tenant.Key}/{day:yyyy'/'MM'/'dd}/group_{Guid.CreateVersion7():N}.bin");
            _sessions[key] = tenant.Select(message => message.Chunk.Id.Session).Distinct().Count();
            yield return new PlannedPart(key, [.. tenant]);
        }
    }

    /// <summary>Lets one session go of an object.</summary>
    /// <returns>Whether it was the last, or the object is a session's own.</returns>
    public bool Release(string key)
    {
        if (!_sessions.ContainsKey(key))
        {
            return true;
        }

        return _sessions.AddOrUpdate(key, 0, static (_, left) => left - 1) == 0;
    }
}
