using System.Text.Json.Serialization;

namespace SessionReplay.Storage.Gcs;

/// <summary>The parts of the JSON API's resources that are used here.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(GcsObject))]
[JsonSerializable(typeof(GcsObjectList))]
[JsonSerializable(typeof(GcsComposeRequest))]
[JsonSerializable(typeof(GcsBucket))]
internal sealed partial class GcsJson : JsonSerializerContext;

internal sealed record GcsObject(string? Name = null, long? Size = null, DateTimeOffset? Updated = null, string? StorageClass = null);

internal sealed record GcsObjectList(IReadOnlyList<GcsObject>? Items = null, string? NextPageToken = null);

internal sealed record GcsComposeRequest(IReadOnlyList<GcsObject> SourceObjects, GcsObject Destination);

internal sealed record GcsBucket(string? Name = null, GcsLifecycle? Lifecycle = null);

internal sealed record GcsLifecycle(IReadOnlyList<GcsLifecycleRule> Rule);

internal sealed record GcsLifecycleRule(GcsLifecycleAction Action, GcsLifecycleCondition Condition);

internal sealed record GcsLifecycleAction(string Type);

internal sealed record GcsLifecycleCondition(int? Age = null, IReadOnlyList<string>? MatchesPrefix = null);
