using System.Globalization;

namespace SessionReplay.Format;

/// <summary>The keys of objects in the blob store (docs/format/v1.md, sections 4 and 5).</summary>
public static class BlobPaths
{
    private const string SessionFolder = "/session_";
    private const string AssetFolder = "/assets/";
    private const string AssetEnding = ".bin";
    private const int IdLength = 32;

    /// <summary>Gets the prefix of all objects of a session.</summary>
    /// <param name="session">The session.</param>
    /// <param name="sessionStarted">When the session's key was made, ms since the Unix epoch; see
    /// <see cref="ChunkHeader.SessionStarted"/>.</param>
    /// <returns><c>{tenant}/{yyyy}/{MM}/{dd}/session_{id}</c>.</returns>
    public static string Session(SessionRef session, long sessionStarted) => string.Create(
        CultureInfo.InvariantCulture,
        $"{session.Tenant}/{DateTimeOffset.FromUnixTimeMilliseconds(sessionStarted):yyyy'/'MM'/'dd}{SessionFolder}{session.Session}");

    /// <summary>Gets the key of a new object for one chunk that is too large for the queue.</summary>
    /// <param name="session">The session.</param>
    /// <param name="sessionStarted">When the session's key was made, ms since the Unix epoch.</param>
    /// <param name="name">Makes the object unique.</param>
    /// <returns><c>{tenant}/{yyyy}/{MM}/{dd}/session_{id}/chunk_{name}.bin</c>.</returns>
    public static string Chunk(SessionRef session, long sessionStarted, Guid name) =>
        string.Create(CultureInfo.InvariantCulture, $"{Session(session, sessionStarted)}/chunk_{name:N}.bin");

    /// <summary>
    /// Gets the key of an object for some chunks of a session: of one that outgrows the catalog before it ends, and for those that arrive
    /// after it was compacted.
    /// </summary>
    /// <param name="session">The session.</param>
    /// <param name="sessionStarted">When the session's key was made, ms since the Unix epoch.</param>
    /// <param name="claim">The number of the claim under which the object is made, from 1.</param>
    /// <returns><c>{tenant}/{yyyy}/{MM}/{dd}/session_{id}_{claim}_part.bin</c>.</returns>
    public static string Part(SessionRef session, long sessionStarted, int claim) =>
        string.Create(CultureInfo.InvariantCulture, $"{Written(session, sessionStarted)}{claim}_part.bin");

    /// <summary>
    /// Gets the key of a session's recording object. Each claim of a session has its own, so that whoever lost one writes nothing that
    /// others read.
    /// </summary>
    /// <param name="session">The session.</param>
    /// <param name="sessionStarted">When the session's key was made, ms since the Unix epoch.</param>
    /// <param name="claim">The number of the claim under which the object is made, from 1.</param>
    /// <returns><c>{tenant}/{yyyy}/{MM}/{dd}/session_{id}_encrypted.bin</c> of the first claim, <c>…/session_{id}_{claim}_encrypted.bin</c>
    /// of others.</returns>
    public static string Recording(SessionRef session, long sessionStarted, int claim) =>
        string.Create(CultureInfo.InvariantCulture, $"{Written(session, sessionStarted)}{(claim == 1 ? "" : $"{claim}_")}encrypted.bin");

    /// <summary>Gets the prefix of what claims of a session have written: its parts and its recording object.</summary>
    /// <param name="session">The session.</param>
    /// <param name="sessionStarted">When the session's key was made, ms since the Unix epoch.</param>
    /// <returns><c>{tenant}/{yyyy}/{MM}/{dd}/session_{id}_</c>.</returns>
    public static string Written(SessionRef session, long sessionStarted) => $"{Session(session, sessionStarted)}_";

    /// <summary>Gets the prefix of all that belongs to sessions of one day, ending with a slash.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="day">The UTC day on which the sessions' keys were made.</param>
    /// <returns><c>{tenant}/{yyyy}/{MM}/{dd}/</c>.</returns>
    public static string Day(TenantId tenant, DateOnly day) =>
        string.Create(CultureInfo.InvariantCulture, $"{tenant}/{day:yyyy'/'MM'/'dd}/");

    /// <summary>Reads from the key of an object which session it belongs to.</summary>
    /// <param name="key">The key.</param>
    /// <param name="session">The session.</param>
    /// <returns>Whether the key is one of a session's objects.</returns>
    public static bool TryReadSession(string key, out SessionId session)
    {
        ArgumentNullException.ThrowIfNull(key);
        session = default;
        var start = key.IndexOf(SessionFolder, StringComparison.Ordinal) + SessionFolder.Length;
        return start > SessionFolder.Length && key.Length > start + IdLength
            && SessionId.TryParse(key.Substring(start, IdLength), out session);
    }

    /// <summary>Gets the key of an asset.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="key">The name of its key: each object has its own, so that nothing that is written late stands in the way of the same
    /// content.</param>
    /// <returns><c>{tenant}/assets/{2 hex digits}/{32 hex digits}.bin</c>; the folder is the name's end, which is random.</returns>
    public static string Asset(TenantId tenant, Guid key)
    {
        var hex = key.ToString("N");
        return $"{tenant}{AssetFolder}{hex.AsSpan(30)}/{hex}{AssetEnding}";
    }

    /// <summary>Gets one of the 256 folders of a tenant's assets, ending with a slash.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="folder">Which folder.</param>
    /// <returns><c>{tenant}/assets/{2 hex digits}/</c>.</returns>
    public static string Assets(TenantId tenant, byte folder) => $"{tenant}{AssetFolder}{folder:x2}/";

    /// <summary>Reads from the key of an asset's object the name of its key.</summary>
    /// <param name="path">The key of an object.</param>
    /// <param name="key">The name.</param>
    /// <returns>Whether the object is one of an asset.</returns>
    public static bool TryReadAsset(string path, out Guid key)
    {
        ArgumentNullException.ThrowIfNull(path);
        key = default;
        return path.EndsWith(AssetEnding, StringComparison.Ordinal) && path.Contains(AssetFolder, StringComparison.Ordinal)
            && Guid.TryParseExact(path.AsSpan(path.LastIndexOf('/') + 1)[..^AssetEnding.Length], "N", out key);
    }
}
