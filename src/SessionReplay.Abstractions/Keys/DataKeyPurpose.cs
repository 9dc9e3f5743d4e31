namespace SessionReplay.Keys;

/// <summary>What a data key is for. The number is part of the associated data of a wrapped key.</summary>
public enum DataKeyPurpose : byte
{
    /// <summary>Seals the chunks of one session.</summary>
    Session = 1,

    /// <summary>Wraps the facts keys of a tenant's sessions, and makes its blind indexes.</summary>
    Metadata = 2,

    /// <summary>Seals one asset.</summary>
    Asset = 3,
}
