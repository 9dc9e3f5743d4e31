using SessionReplay.FaultTests.Hosts;

namespace SessionReplay.FaultTests.Queues;

/// <summary>
/// A queue's server, and how the processes are told to use it. To add an adapter: one subclass, and one line in Cases/QueueFaultTests.cs
/// and Cases/WorkerCrashTests.cs.
/// </summary>
public abstract class QueueUnderTest : IAsyncDisposable
{
    /// <summary>The adapter's name, for the figures.</summary>
    public abstract string Adapter { get; }

    /// <summary>What breaking it is called in the figures.</summary>
    public virtual string Breaking => "broker killed and restarted";

    /// <summary>
    /// The settings of the processes. Where a lease can be set, it is short: another worker is to take over within seconds.
    /// </summary>
    public abstract IReadOnlyDictionary<string, string?> Settings { get; }

    /// <summary>Starts the server; skips the test where it is not installed.</summary>
    public abstract Task StartAsync();

    /// <summary>Takes the server away without warning.</summary>
    public abstract Task BreakAsync();

    /// <summary>Brings it back with what it had stored.</summary>
    public abstract Task RestoreAsync();

    /// <summary>Stops a process where it is, but not while it holds what all others need too.</summary>
    internal virtual Task FreezeAsync(HostProcess process) => process.FreezeAsync();

    /// <summary>Tells what the server holds, for the messages of failing tests; empty where it is not asked.</summary>
    public virtual Task<string> DescribeAsync() => Task.FromResult("");

    public abstract ValueTask DisposeAsync();
}
