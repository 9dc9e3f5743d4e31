namespace SessionReplay.Pipeline.Batches;

/// <summary>What the content of a field is, and so how it is sanitized.</summary>
internal enum FieldPolicy : byte
{
    /// <summary>A field that this version does not know, or whose type is another one: kept, and sanitized as whatever it may be.</summary>
    Unknown,

    /// <summary>Text.</summary>
    Text,

    /// <summary>JSON in a string.</summary>
    Json,

    /// <summary>A <see cref="Wire.Header"/>.</summary>
    Header,
}
