namespace SessionReplay;

/// <summary>Where the options come from, for errors.</summary>
/// <param name="Value">The path of their section in the configuration.</param>
internal sealed record OptionsPath<TOptions>(string Value);
