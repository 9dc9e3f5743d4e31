using SessionReplay.FaultTests.Hosts;
using SessionReplay.FaultTests.Queues;

namespace SessionReplay.FaultTests.Cases;

/// <summary>The installation of a queue: started when its first case asks for it, once for all of them.</summary>
public abstract class QueueFixture : IAsyncLifetime
{
    private readonly Lazy<Task<Installation>> _installation;

    protected QueueFixture(Func<QueueUnderTest> create) => _installation = new(() => Installation.StartAsync(create()));

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
