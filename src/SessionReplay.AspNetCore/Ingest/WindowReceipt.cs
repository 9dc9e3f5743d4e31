using System.Text.Json.Serialization;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>What an answer vouches for.</summary>
/// <param name="Window">The window.</param>
/// <param name="Acknowledged">Ranges of seq, both ends included.</param>
internal sealed record WindowReceipt(string Window, IReadOnlyList<uint[]> Acknowledged)
{
    /// <summary>Whether somebody watches the window's session live.</summary>
    [JsonIgnore]
    public bool IsWatched { get; init; }
}
