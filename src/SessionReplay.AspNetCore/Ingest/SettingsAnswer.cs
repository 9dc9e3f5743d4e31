namespace SessionReplay.AspNetCore.Ingest;

/// <summary>The answer of <c>v1/settings</c>.</summary>
internal sealed record SettingsAnswer(
    bool Enabled,
    double SampleRate,
    bool MaskAllText,
    bool RecordNetworkBodies,
    bool RecordConsole,
    bool RespectDoNotTrack,
    bool RecordAssets,
    long ServerTime,
    string Version,
    SettingsLimits Limits);
