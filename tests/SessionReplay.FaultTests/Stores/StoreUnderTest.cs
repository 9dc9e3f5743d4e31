using Microsoft.Extensions.DependencyInjection;
using SessionReplay.Storage;
using SessionReplay.Testing;

namespace SessionReplay.FaultTests.Stores;

/// <summary>
/// A store's server, and how the processes are told to use it. To add an adapter: one subclass, and one line in Cases/StoreFaultTests.cs
/// and Cases/CompactionFaultTests.cs.
/// </summary>
public abstract class StoreUnderTest : IAsyncDisposable
{
    private const int ProbeBytes = 64 * 1024;
    private static readonly TimeSpan ProbeTime = TimeSpan.FromSeconds(20);

    /// <summary>The adapter's name, for the figures.</summary>
    public abstract string Adapter { get; }

    /// <summary>The server's port.</summary>
    public abstract int Port { get; }

    /// <summary>The settings of a process that reaches the server through a port.</summary>
    public abstract IReadOnlyDictionary<string, string?> Settings(int port);

    /// <summary>Adds the adapter, straight to the server.</summary>
    private protected abstract void Add(TestBuilder builder);

    /// <summary>Whether the server itself puts and reads an object.</summary>
    public async Task<bool> AnswersAsync()
    {
        await using var provider = Provide();
        var store = provider.GetRequiredService<IBlobStore>();
        using var limit = new CancellationTokenSource(ProbeTime);
        try
        {
            using var content = new MemoryStream(new byte[ProbeBytes]);
            await store.PutAsync("probe.bin", content, ProbeBytes, limit.Token);
            await using var read = await store.OpenReadAsync("probe.bin", 0, null, limit.Token);
            await read.ReadExactlyAsync(new byte[ProbeBytes], limit.Token);
            return true;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Ends a server that has broken and starts it again with its data.</summary>
    public virtual Task RestartAsync() => StartAsync();

    /// <summary>Starts the server; skips the test where it is not installed.</summary>
    public abstract Task StartAsync();

    /// <summary>Lists all objects, past all proxies.</summary>
    public virtual async Task<HashSet<string>> KeysAsync()
    {
        await using var provider = Provide();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var blob in provider.GetRequiredService<IBlobStore>().ListAsync("", default))
        {
            keys.Add(blob.Key);
        }

        return keys;
    }

    public abstract ValueTask DisposeAsync();

    /// <summary>Makes the bucket or container as an operator does, with the adapter itself.</summary>
    protected async Task SetUpAsync()
    {
        await using var provider = Provide();
        await provider.GetRequiredService<IBlobStore>().SetUpAsync([], default);
    }

    private ServiceProvider Provide()
    {
        var builder = new TestBuilder();
        Add(builder);
        return builder.Services.BuildServiceProvider();
    }
}
