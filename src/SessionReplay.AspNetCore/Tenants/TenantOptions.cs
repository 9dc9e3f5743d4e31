using SessionReplay.Pipeline.Lifecycle;

namespace SessionReplay.AspNetCore;

/// <summary>A tenant: the customer whose recordings these are.</summary>
public sealed class TenantOptions : ITenantRetention
{
    /// <summary>Gets or sets the tenant's id.</summary>
    /// <value>1 to 40 characters of <c>a</c>–<c>z</c>, <c>0</c>–<c>9</c>, <c>-</c> and <c>_</c>, beginning with a letter or a digit. It
    /// cannot be changed later: it is part of every stored name.</value>
    public string Id { get; set; } = string.Empty;

    /// <summary>Gets the keys with which pages write recordings of this tenant.</summary>
    public IList<WriteKeyOptions> WriteKeys { get; } = [];

    /// <summary>Gets or sets for how many days a session is kept after its last batch.</summary>
    /// <value>From 1 to 3,650 days. The default value is 30.</value>
    public int RetentionDays { get; set; } = 30;
}
