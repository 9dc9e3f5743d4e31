using SessionReplay.Catalog;

namespace SessionReplay.Audit;

/// <summary>
/// One attempt to use recordings, allowed or not. Its texts are brought into a form that every database keeps (<see cref="DatabaseText"/>):
/// a row that is read again has the hash it was written with.
/// </summary>
public sealed record AuditEntry
{
    /// <summary>Gets when it was made.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Gets who made it: the name of the signed-in user, or <c>anonymous</c>. At most 256 characters.</summary>
    public required string Actor
    {
        get;
        init => field = DatabaseText.Of(value);
    }

    /// <summary>Gets what was tried, for instance <c>session.view</c>. At most 64 characters.</summary>
    public required string Action
    {
        get;
        init => field = DatabaseText.Of(value);
    }

    /// <summary>Gets whether it was allowed.</summary>
    public required bool Allowed { get; init; }

    /// <summary>
    /// Gets what became of it: <c>ok</c>, <c>begun</c> before a change is made, or the code of the problem. At most 64 characters.
    /// </summary>
    /// <value>The default value is <c>ok</c>.</value>
    public string Outcome
    {
        get;
        init => field = DatabaseText.Of(value);
    } = "ok";

    /// <summary>Gets the tenant whose session the attempt aimed at, or what it searched.</summary>
    public TenantId? Tenant { get; init; }

    /// <summary>Gets the session, when the attempt named one.</summary>
    public SessionId? Session { get; init; }

    /// <summary>Gets the caller's address.</summary>
    public string? RemoteAddress
    {
        get;
        init => field = value is null ? null : DatabaseText.Of(value);
    }

    /// <summary>
    /// Gets what else is worth keeping, for instance the search's parameters by name without their values. At most 1,024 characters.
    /// </summary>
    public string? Detail
    {
        get;
        init => field = value is null ? null : DatabaseText.Of(value);
    }
}
