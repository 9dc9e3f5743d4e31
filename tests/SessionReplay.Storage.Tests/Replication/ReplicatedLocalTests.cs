using SessionReplay.Storage.ConformanceTests;

namespace SessionReplay.Storage.Tests.Replication;

/// <summary>The contract of a store, on two local folders.</summary>
public sealed class ReplicatedLocalTests : BlobStoreConformance, IDisposable
{
    private readonly LocalReplicas _replicas = new(clock: TimeProvider.System);

    /// <summary>Neither member joins objects, so that nothing may be written.</summary>
    protected override bool JoinsLargeObjects => false;

    protected override bool Presigns => false;

    public void Dispose() => _replicas.Dispose();

    protected override Task<IBlobStore> CreateStoreAsync() => Task.FromResult<IBlobStore>(_replicas.Store);
}
