
namespace SessionReplay.Catalog;

/// <summary>
/// What a chunk adds to its session's row. Counts are added up; other values replace an absent one, except <see cref="User"/>, where the
/// latest wins. What is user data is sealed under the session's facts key before it gets here, or is a blind index (docs/format/v1.md,
/// section 6).
/// </summary>
public sealed record SessionDelta
{
    /// <summary>How many terms and names of events a catalog keeps of a session; it is found by the first ones.</summary>
    public const int MaxTerms = 4_096;

    /// <summary>Gets the page views.</summary>
    public int Pages { get; init; }

    /// <summary>Gets the errors (thrown, rejected, captured).</summary>
    public int Errors { get; init; }

    /// <summary>Gets the clicks.</summary>
    public int Clicks { get; init; }

    /// <summary>Gets the rage clicks.</summary>
    public int RageClicks { get; init; }

    /// <summary>Gets the requests.</summary>
    public int Requests { get; init; }

    /// <summary>Gets the requests that failed or were answered with 400 and above.</summary>
    public int FailedRequests { get; init; }

    /// <summary>Gets the events the recorder reported as lost.</summary>
    public int LostEvents { get; init; }

    /// <summary>
    /// Gets the blind indexes that the session is found by: of its users, URLs and error types; 16 bytes each, at most 4,096.
    /// </summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Terms { get; init; } = [];

    /// <summary>
    /// Gets the distinct names of custom events, sealed; a session is found by their blind indexes as by <see cref="Terms"/>.
    /// </summary>
    public IReadOnlyList<SealedName> CustomEvents { get; init; } = [];

    /// <summary>
    /// Gets the assets that the chunk names, at most 1,024. A catalog notes those that it knows (<see cref="IAssetCatalog"/>): they are
    /// kept as long as the session.
    /// </summary>
    public IReadOnlyList<ContentHash> Assets { get; init; } = [];

    /// <summary>Gets the user, when the chunk identified one.</summary>
    public SealedUser? User { get; init; }

    /// <summary>Gets the sealed address (field <c>session.ip</c>, owner the session id); empty when the chunk does not say.</summary>
    public ReadOnlyMemory<byte> SealedIp { get; init; }

    /// <summary>
    /// Gets the sealed first URL of the window (field <c>session.entry-url</c>, owner the session id); empty when the chunk does not say.
    /// </summary>
    public ReadOnlyMemory<byte> SealedEntryUrl { get; init; }

    /// <summary>Gets the browser with its major version, for instance <c>Chrome 140</c>.</summary>
    public string? Browser { get; init; }

    /// <summary>Gets the operating system, for instance <c>Windows</c>.</summary>
    public string? Os { get; init; }

    /// <summary>Gets the kind of device: <c>desktop</c>, <c>mobile</c>, <c>tablet</c> or <c>bot</c>.</summary>
    public string? Device { get; init; }

    /// <summary>Gets the width of the viewport in CSS pixels, 0 if not reported.</summary>
    public int ViewportWidth { get; init; }

    /// <summary>Gets the height of the viewport in CSS pixels, 0 if not reported.</summary>
    public int ViewportHeight { get; init; }
}
