namespace SessionReplay.Catalog;

/// <summary>An object that compaction has made superfluous and that is still to be deleted.</summary>
/// <param name="Session">The session it belongs to.</param>
/// <param name="BlobKey">The object.</param>
public sealed record ReplacedObject(SessionRef Session, string BlobKey);
