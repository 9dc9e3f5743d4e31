using SessionReplay.Storage;

namespace SessionReplay.AspNetCore.Resilience;

/// <summary>A blob store that can concatenate and that an operator can set up, behind its circuit.</summary>
internal sealed class GuardedFullBlobStore(IBlobStore inner, Circuit circuit) : GuardedBlobStore(inner, circuit), IBlobConcatenator, IBlobStoreSetup
{
    public ValueTask<bool> TryConcatenateAsync(string key, IReadOnlyList<BlobSegment> segments, CancellationToken cancellationToken) =>
        ConcatenateAsync(key, segments, cancellationToken);

    public ValueTask<IReadOnlyList<string>> SetUpAsync(IReadOnlyList<BlobRetentionRule> rules, CancellationToken cancellationToken) =>
        SetUpStoreAsync(rules, cancellationToken);
}
