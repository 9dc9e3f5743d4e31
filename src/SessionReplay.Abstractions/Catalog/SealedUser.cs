namespace SessionReplay.Catalog;

/// <summary>An identified user as the catalog keeps it.</summary>
/// <param name="Time">When the page identified the user, ms on the page's clock; the latest wins.</param>
/// <param name="Sealed">The sealed user (field <c>session.user</c>, owner the session id; plaintext is a <c>UserFacts</c> message).</param>
public sealed record SealedUser(long Time, ReadOnlyMemory<byte> Sealed);
