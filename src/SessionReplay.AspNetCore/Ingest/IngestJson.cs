using System.Text.Json.Serialization;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>The JSON of ingest's answers.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BatchesReceipt))]
[JsonSerializable(typeof(SettingsAnswer))]
[JsonSerializable(typeof(MissingAssets))]
internal sealed partial class IngestJson : JsonSerializerContext;
