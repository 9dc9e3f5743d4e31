namespace SessionReplay.Storage.Gcs;

internal sealed record GcsObject(string? Name = null, long? Size = null, DateTimeOffset? Updated = null, string? StorageClass = null);
