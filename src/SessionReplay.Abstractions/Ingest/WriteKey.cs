namespace SessionReplay.Ingest;

/// <summary>What a write key stands for.</summary>
/// <param name="Tenant">The tenant whose recordings are written.</param>
/// <param name="AllowedOrigins">The origins (scheme, host, port) that may send with it, for instance <c>https://shop.example</c>; <c>*</c>
/// allows all. A page of the host's own origin is always allowed.</param>
/// <param name="Recorder">The settings of recorders with this key.</param>
public sealed record WriteKey(TenantId Tenant, IReadOnlyList<string> AllowedOrigins, RecorderSettings Recorder);
