namespace SessionReplay.Storage.Replication;

/// <summary>What a member missed. The names are parts of keys: they never change.</summary>
internal enum MissedKind
{
    /// <summary>A deletion of some objects.</summary>
    Delete,

    /// <summary>A write of one object.</summary>
    Put,

    /// <summary>Objects that were there before the member.</summary>
    Seed,
}
