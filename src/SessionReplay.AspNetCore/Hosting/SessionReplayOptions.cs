using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using SessionReplay.Pipeline;

namespace SessionReplay.AspNetCore;

/// <summary>Settings of session replay, bound from the section <c>SessionReplay</c>.</summary>
public sealed class SessionReplayOptions
{
    /// <summary>Gets or sets what this process does.</summary>
    /// <value><c>Ingest</c>, <c>Worker</c>, <c>Playback</c>, several of them with commas between, or <c>All</c>. The default value is
    /// <c>All</c>.</value>
    public SessionReplayRoles Roles { get; set; } = SessionReplayRoles.All;

    /// <summary>Gets or sets the folder of the embedded queue, blobs, catalog and keys. It is created.</summary>
    /// <value>A path; a relative one begins at the content root of the application. The default value is
    /// <c>session-replay-data</c>.</value>
    [Required]
    public string DataDirectory { get; set; } = "session-replay-data";

    /// <summary>Gets the tenants: whose pages are recorded. Most applications have one.</summary>
    public IList<TenantOptions> Tenants { get; } = [];

    /// <summary>Gets or sets how batches are taken.</summary>
    [ValidateObjectMembers]
    public IngestOptions Ingest { get; set; } = new();

    /// <summary>Gets or sets how the queue is worked off.</summary>
    [ValidateObjectMembers(typeof(WorkerOptionsValidator))]
    public WorkerOptions Worker { get; set; } = new();

    /// <summary>Gets or sets when a session ends.</summary>
    [ValidateObjectMembers(typeof(SessionLifecycleOptionsValidator))]
    public SessionLifecycleOptions Sessions { get; set; } = new();

    /// <summary>Gets or sets how recordings are served.</summary>
    [ValidateObjectMembers]
    public PlaybackOptions Playback { get; set; } = new();

    /// <summary>Gets or sets how the queue, the stores and the key management are called.</summary>
    [ValidateObjectMembers(typeof(ResilienceOptionsValidator))]
    public ResilienceOptions Resilience { get; set; } = new();

    /// <summary>Gets or sets what is taken out of batches before they are stored.</summary>
    [ValidateObjectMembers(typeof(SanitizingOptionsValidator))]
    public SanitizingOptions Sanitizing { get; set; } = new();
}
