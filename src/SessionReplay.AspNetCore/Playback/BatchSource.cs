namespace SessionReplay.AspNetCore.Playback;

/// <summary>From where the chunks of an answer come.</summary>
/// <param name="Plan">The chunks.</param>
/// <param name="Range">Their part of an object, opened for reading; <see langword="null"/> when the catalog has them, or the browser reads
/// the object.</param>
/// <param name="Url">Where the browser reads the object; <see langword="null"/> when it does not.</param>
internal sealed record BatchSource(BatchPlan Plan, ObjectRange? Range, Uri? Url);
