using SessionReplay.Storage;

namespace SessionReplay.AspNetCore.Resilience;

/// <summary>A blob store that an operator can set up, behind its circuit.</summary>
internal sealed class GuardedSetupBlobStore(IBlobStore inner, Circuit circuit) : GuardedBlobStore(inner, circuit), IBlobStoreSetup
{
    public ValueTask<IReadOnlyList<string>> SetUpAsync(IReadOnlyList<BlobRetentionRule> rules, CancellationToken cancellationToken) =>
        SetUpStoreAsync(rules, cancellationToken);
}
