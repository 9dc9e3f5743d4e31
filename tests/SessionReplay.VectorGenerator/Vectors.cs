namespace SessionReplay.VectorGenerator;

/// <summary>Every test vector of docs/format/v1.md, section 9; the same on every machine and in every run.</summary>
internal static class Vectors
{
    public static IReadOnlyList<Vector> All() =>
    [
        .. UploadVectors.All(), .. BatchVectors.All(), .. DomVectors.All(), .. ChunkVectors.All(), .. RecordingVectors.All(),
        .. AssetVectors.All(),
        .. WrappedKeyVectors.All(), .. QueueMessageVectors.All(), .. SealedFieldVectors.All(),
    ];
}
