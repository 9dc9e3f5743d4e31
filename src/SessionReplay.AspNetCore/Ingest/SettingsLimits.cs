namespace SessionReplay.AspNetCore.Ingest;

/// <summary>The limits that <c>v1/settings</c> returns.</summary>
internal sealed record SettingsLimits(int BatchBytes, long IdleMs, long SessionMs);
