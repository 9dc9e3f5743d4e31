namespace SessionReplay.Storage.Replication;

/// <summary>
/// A note of what a member missed, as its key says: <c>_replication/{member}/{kind}/[{hash of the object's key}/]{id}</c>.
/// </summary>
/// <param name="Key">The note's own key.</param>
/// <param name="Member">The name of the member that missed it.</param>
/// <param name="Kind">What it missed.</param>
/// <param name="Id">When it was missed: ids of version 7 are in the order of time.</param>
/// <param name="Holder">A member that keeps the note, and that did what the other missed.</param>
internal sealed record MissedNote(string Key, string Member, MissedKind Kind, Guid Id, Replica Holder)
{
    /// <returns><see langword="null"/> when the key is not a note's.</returns>
    public static MissedNote? Parse(string key, Replica holder)
    {
        var parts = key.Split('/');
        return parts.Length is 4 or 5
            && Kinds.TryGetValue(parts[2], out var kind)
            && parts.Length == (kind == MissedKind.Put ? 5 : 4)
            && Guid.TryParseExact(parts[^1], "N", out var id)
            ? new(key, parts[1], kind, id, holder)
            : null;
    }

    private static readonly Dictionary<string, MissedKind> Kinds = new(StringComparer.Ordinal)
    {
        ["delete"] = MissedKind.Delete,
        ["put"] = MissedKind.Put,
        ["seed"] = MissedKind.Seed,
    };

    /// <summary>Ids of version 7 begin with their time, so that their text has its order.</summary>
    public bool IsLaterThan(Guid other) => string.CompareOrdinal(Id.ToString("N"), other.ToString("N")) > 0;
}
