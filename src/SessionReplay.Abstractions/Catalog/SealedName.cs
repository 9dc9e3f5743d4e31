namespace SessionReplay.Catalog;

/// <summary>The name of a custom event as the catalog keeps it.</summary>
/// <param name="Index">Its blind index, 16 bytes.</param>
/// <param name="Sealed">The sealed name (field <c>session.event</c>, owner the session id).</param>
public readonly record struct SealedName(ReadOnlyMemory<byte> Index, ReadOnlyMemory<byte> Sealed);
