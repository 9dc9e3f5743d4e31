using SessionReplay.Storage;

namespace SessionReplay.AspNetCore.Resilience;

/// <summary>A blob store that can concatenate, behind its circuit.</summary>
internal sealed class GuardedConcatenatingBlobStore(IBlobStore inner, Circuit circuit) : GuardedBlobStore(inner, circuit), IBlobConcatenator
{
    public ValueTask<bool> TryConcatenateAsync(string key, IReadOnlyList<BlobSegment> segments, CancellationToken cancellationToken) =>
        ConcatenateAsync(key, segments, cancellationToken);
}
