namespace SessionReplay.Storage.Gcs;

internal sealed record GcsObjectList(IReadOnlyList<GcsObject>? Items = null, string? NextPageToken = null);
