namespace SessionReplay.Pipeline.Lifecycle;

/// <summary>
/// A tenant, and how long its sessions are kept. The application registers an <see cref="IReadOnlyList{T}"/> of them, which may change
/// while it runs.
/// </summary>
public interface ITenantRetention
{
    /// <summary>Gets the tenant's id.</summary>
    string Id { get; }

    /// <summary>Gets after how many days a session is deleted.</summary>
    int RetentionDays { get; }
}
