namespace SessionReplay.AspNetCore;

/// <summary>Where the settings come from, for errors.</summary>
/// <param name="Value">The path of the section, <c>SessionReplay</c> unless the application chose another.</param>
internal sealed record SettingsPath(string Value);
