using System.Text.Json.Serialization;

namespace SessionReplay.AspNetCore.Playback;

/// <summary>How playback writes JSON (docs/http-api.md).</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SessionListJson))]
[JsonSerializable(typeof(SessionDetailJson))]
[JsonSerializable(typeof(ManifestJson))]
[JsonSerializable(typeof(AuditJson))]
[JsonSerializable(typeof(DeadLettersJson))]
[JsonSerializable(typeof(RedriveJson))]
[JsonSerializable(typeof(DiscardJson))]
internal sealed partial class PlaybackJson : JsonSerializerContext;
