namespace SessionReplay.Storage.Gcs;

/// <summary>The object is not in the generation that the request asked for.</summary>
internal sealed class GcsPreconditionException : Exception;
