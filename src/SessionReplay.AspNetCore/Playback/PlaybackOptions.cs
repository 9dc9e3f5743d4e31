using System.ComponentModel.DataAnnotations;

namespace SessionReplay.AspNetCore;

/// <summary>
/// Settings of playback; section <c>SessionReplay:Playback</c>. Without <see cref="ViewPolicy"/> only requests from this machine in the
/// Development environment are let in.
/// </summary>
public sealed class PlaybackOptions
{
    /// <summary>Gets or sets the application's authorization policy for looking at sessions.</summary>
    /// <value>The name of a policy. The default value is <see langword="null"/>: nobody but a developer on this machine.</value>
    public string? ViewPolicy { get; set; }

    /// <summary>Gets or sets the application's authorization policy for deleting sessions.</summary>
    /// <value>The name of a policy. The default value is <see langword="null"/>: nobody but a developer on this machine.</value>
    public string? DeletePolicy { get; set; }

    /// <summary>Gets or sets the application's authorization policy for reading the audit log.</summary>
    /// <value>The name of a policy. The default value is <see langword="null"/>: nobody but a developer on this machine.</value>
    public string? AuditPolicy { get; set; }

    /// <summary>Gets or sets the application's authorization policy for operating the queue's dead letters.</summary>
    /// <value>The name of a policy. The default value is <see langword="null"/>: nobody but a developer on this machine.</value>
    public string? OperatePolicy { get; set; }

    /// <summary>Gets or sets the type of the claim that names the tenants a user may look at.</summary>
    /// <value>A claim type; a user may have several claims of it. The default value is <see langword="null"/>: users may look at all
    /// configured tenants.</value>
    public string? TenantClaim { get; set; }

    /// <summary>
    /// Gets or sets the origin on which recordings are replayed: a second host name of the application, on which it answers for nothing
    /// else.
    /// </summary>
    /// <value>
    /// Scheme, host and port, for instance <c>https://replay.example.com</c>. The default value is <see langword="null"/>: the
    /// application's own origin.
    /// </value>
    /// <remarks>
    /// Browsers run a frame of another site, or of another subdomain whose pages send <c>Origin-Agent-Cluster</c>, in a process of its own:
    /// a recording that keeps its page busy then does not keep the player busy. Another port of the same host is not enough.
    /// </remarks>
    public string? ReplayOrigin { get; set; }

    /// <summary>Gets or sets from where browsers get recordings.</summary>
    /// <value><c>Application</c> or <c>Direct</c>. The default value is <c>Application</c>.</value>
    public PlaybackDelivery Delivery { get; set; }

    /// <summary>Gets or sets the address of a CDN, or of another cache, in front of the blob store. When <see cref="Delivery"/> is
    /// <c>Direct</c>, browsers get URLs below this address: the path and query of the presigned URL behind it.</summary>
    /// <value>An absolute URL with the scheme https (or http on this machine), without a query, for instance
    /// <c>https://cdn.example.com/recordings</c>. The default value is <see langword="null"/>: the store's own address.</value>
    public string? EdgeAddress { get; set; }

    /// <summary>Gets or sets how long a presigned URL is valid when <see cref="Delivery"/> is <c>Direct</c>.</summary>
    /// <value>From 10 seconds to 1 hour. The default value is 5 minutes.</value>
    [TimeRange("00:00:10", "01:00:00")]
    public TimeSpan PresignedLifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Gets or sets the greatest number of markers in a manifest; the rarer kinds go first.</summary>
    /// <value>From 100 to 100,000. The default value is 20,000.</value>
    [Range(100, 100_000)]
    public int MaxMarkers { get; set; } = 20_000;

    /// <summary>Gets or sets how many chunks one page of a manifest has. A player asks for the next page until there is none.</summary>
    /// <value>From 10 to 10,000. The default value is 2,000.</value>
    [Range(10, 10_000)]
    public int ManifestChunks { get; set; } = 2_000;
}
