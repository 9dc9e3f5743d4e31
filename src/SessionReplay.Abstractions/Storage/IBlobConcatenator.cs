namespace SessionReplay.Storage;

/// <summary>Implemented by a blob store that can make an object out of others without moving their bytes through this process (UploadPartCopy, compose, block lists).</summary>
public interface IBlobConcatenator
{
    /// <summary>Makes an object of segments, whole or not at all; an object of the same key is replaced.</summary>
    /// <param name="key">The key of the object to be made.</param>
    /// <param name="segments">The segments in order, at least one.</param>
    /// <param name="cancellationToken">Ends the wait; the object may have been written all the same.</param>
    /// <returns>Whether the store could; <see langword="false"/> when its rules (least part size, number of parts) do not allow it, or a compatible server lacks the call, and nothing was written.</returns>
    /// <exception cref="BlobNotFoundException">A segment's object is not there.</exception>
    /// <exception cref="BlobStoreUnavailableException">The store did not confirm; the call may be made again.</exception>
    ValueTask<bool> TryConcatenateAsync(string key, IReadOnlyList<BlobSegment> segments, CancellationToken cancellationToken);
}
