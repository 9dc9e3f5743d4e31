using System.Text.Json.Serialization;

namespace SessionReplay.AspNetCore.Playback;

/// <summary>The heads of records (docs/http-api.md).</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ObjectHeadJson))]
[JsonSerializable(typeof(BatchHeadJson))]
[JsonSerializable(typeof(AssetHeadJson))]
[JsonSerializable(typeof(EndJson))]
internal sealed partial class StreamJson : JsonSerializerContext;
