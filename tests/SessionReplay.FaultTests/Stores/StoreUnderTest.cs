using SessionReplay.Testing;

namespace SessionReplay.FaultTests.Stores;

/// <summary>A store's server, and how the processes are told to use it. To add an adapter: one subclass, and one line in Cases/StoreFaultTests.cs.</summary>
public abstract class StoreUnderTest : IAsyncDisposable
{
    /// <summary>The adapter's name, for the figures.</summary>
    public abstract string Adapter { get; }

    /// <summary>The server's port.</summary>
    public abstract int Port { get; }

    /// <summary>Whether compaction reads parts through the process; else the store copies them by itself.</summary>
    public virtual bool IsReadToCompact => true;

    /// <summary>After how many bytes a request that makes a recording object is in its middle.</summary>
    public virtual int MiddleOfAPut => 3000;

    /// <summary>The settings of a process that reaches the server through a port.</summary>
    public abstract IReadOnlyDictionary<string, string?> Settings(int port);

    /// <summary>Starts the server; skips the test where it is not installed.</summary>
    public abstract Task StartAsync();

    /// <summary>Lists all objects, past all proxies.</summary>
    public virtual Task<HashSet<string>> KeysAsync() => throw new NotSupportedException("No case asks for it.");

    public abstract ValueTask DisposeAsync();

    /// <summary>Makes the bucket or container as an operator does, with the adapter itself.</summary>
    protected static async Task SetUpAsync(Action<TestBuilder> add)
    {
        var builder = new TestBuilder();
        add(builder);
        await using var provider = Microsoft.Extensions.DependencyInjection.ServiceCollectionContainerBuilderExtensions.BuildServiceProvider(builder.Services);
        await ((Storage.IBlobStoreSetup)provider.GetService(typeof(Storage.IBlobStore))!).SetUpAsync([], default);
    }
}
