namespace SessionReplay.Storage.Gcs;

internal sealed record GcsComposeRequest(IReadOnlyList<GcsObject> SourceObjects, GcsObject Destination);
