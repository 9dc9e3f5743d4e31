using SessionReplay.Catalog;
using SessionReplay.Format;
using SessionReplay.Storage;

namespace SessionReplay.Pipeline.Facts;

/// <summary>
/// Checks where the catalog says that a chunk lies: a row that was changed must not lead to another session's objects, nor to an error that
/// nobody expects.
/// </summary>
public static class ChunkPlace
{
    /// <exception cref="FormatRejectedException">The place cannot be one of the session's.</exception>
    public static void Check(SessionRef session, long sessionStarted, ChunkLocation place)
    {
        if (place.Offset < 0 || place.Length is < 1 or > int.MaxValue
            || (!place.IsInCatalog && !IsOf(session, sessionStarted, place.BlobKey)))
        {
            throw new FormatRejectedException("R3", "The catalog names a place for a chunk that cannot be.");
        }
    }

    private static bool IsOf(SessionRef session, long sessionStarted, string key) =>
        BlobKey.IsValid(key) && key.StartsWith(BlobPaths.Session(session, sessionStarted), StringComparison.Ordinal);
}
