using Microsoft.Extensions.Options;

namespace SessionReplay.Pipeline;

/// <summary>
/// How calls to what lies outside this process are bounded, repeated and withheld; section <c>SessionReplay:Resilience</c>.
/// </summary>
public sealed class ResilienceOptions
{
    /// <summary>Gets or sets how the queue is called.</summary>
    [ValidateObjectMembers]
    public DependencyResilienceOptions Queue { get; set; } = new() { Timeout = TimeSpan.FromSeconds(20), MaxConcurrency = 512,
        MaxQueued = 4096 };

    /// <summary>Gets or sets how the blob store is called.</summary>
    [ValidateObjectMembers]
    public DependencyResilienceOptions Storage { get; set; } = new() { MaxConcurrency = 128 };

    /// <summary>Gets or sets how the catalog is called.</summary>
    [ValidateObjectMembers]
    public DependencyResilienceOptions Catalog { get; set; } = new() { Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>Gets or sets how the audit log is called.</summary>
    [ValidateObjectMembers]
    public DependencyResilienceOptions Audit { get; set; } = new() { MaxConcurrency = 32 };

    /// <summary>Gets or sets how the key store is called.</summary>
    [ValidateObjectMembers]
    public DependencyResilienceOptions KeyStore { get; set; } = new();

    /// <summary>Gets or sets how the key management is called.</summary>
    [ValidateObjectMembers]
    public DependencyResilienceOptions KeyManagement { get; set; } = new();
}
