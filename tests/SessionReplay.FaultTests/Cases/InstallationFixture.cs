using SessionReplay.FaultTests.Hosts;

namespace SessionReplay.FaultTests.Cases;

/// <summary>An installation: started when its first case asks for it, once for all of them.</summary>
public abstract class InstallationFixture : IAsyncLifetime
{
    private readonly Lazy<Task<Installation>> _installation;

    private protected InstallationFixture(Func<Task<Installation>> start) => _installation = new(start);

    internal Task<Installation> Installed => _installation.Value;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_installation.IsValueCreated && _installation.Value.IsCompletedSuccessfully)
        {
            await _installation.Value.Result.DisposeAsync();
        }
    }
}
