namespace SessionReplay.Pipeline.Batches;

/// <summary>The bounds of one batch.</summary>
/// <param name="MaxEvents">The greatest number of events; more break rule B4.</param>
/// <param name="MaxStringBytes">The greatest length of a string in bytes; a longer one breaks rule B8.</param>
/// <param name="MaxMarkers">The greatest number of markers that are kept; the rarer kinds come first.</param>
public readonly record struct BatchLimits(int MaxEvents, int MaxStringBytes, int MaxMarkers);
