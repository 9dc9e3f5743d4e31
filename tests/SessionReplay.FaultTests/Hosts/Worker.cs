using SessionReplay.FaultTests.Proxy;

namespace SessionReplay.FaultTests.Hosts;

/// <summary>A worker's process with its own ways to the store and to the catalog.</summary>
internal sealed record Worker(HostProcess Process, FaultProxy Store, FaultProxy Catalog) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        await Store.DisposeAsync();
        await Catalog.DisposeAsync();
    }
}
