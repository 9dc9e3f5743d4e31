namespace SessionReplay.AspNetCore;

/// <summary>From where browsers get recordings.</summary>
public enum PlaybackDelivery
{
    /// <summary>The application reads, opens and sends them.</summary>
    Application,

    /// <summary>
    /// The application authorizes and audits, then sends a presigned URL and the session's chunk key. The browser gets the sealed recording
    /// from the blob store, or from a CDN in front of it (<see cref="PlaybackOptions.EdgeAddress"/>), and opens it. What is still in the
    /// catalog comes from the application.
    /// </summary>
    Direct,
}
