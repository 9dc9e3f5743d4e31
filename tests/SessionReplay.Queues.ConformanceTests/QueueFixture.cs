namespace SessionReplay.Queues.ConformanceTests;

/// <summary>
/// What the suites need of an adapter. An adapter's test project has one subclass, shared by its suites as an xunit collection fixture, so
/// that its peer is started once.
/// </summary>
public abstract class QueueFixture : IAsyncLifetime
{
    /// <summary>Stands in the credentials that <see cref="RegisterUnreachable"/> gives, where the adapter has any.</summary>
    public const string Secret = "sesame";

    private int _queues;

    /// <summary>The adapter's name, for the printed figures.</summary>
    public abstract string Adapter { get; }

    /// <summary>The settings the suites use; an adapter whose service has coarser times returns longer ones.</summary>
    public virtual QueueSettings Settings { get; } = new();

    /// <summary>Whether the peer can be taken away and brought back.</summary>
    public virtual bool CanBreakPeer => true;

    /// <summary>Whether <see cref="QueueStatus.OldestAge"/> is told.</summary>
    public virtual bool ReportsOldestAge => true;

    /// <summary>Whether a delivery that was disposed unsettled, or whose consumer ended in order, is not counted as an attempt.</summary>
    public virtual bool ForgetsReleasedAttempts => true;

    /// <summary>Whether <see cref="QueueStatus.InFlight"/> is told apart from <see cref="QueueStatus.Ready"/>.</summary>
    public virtual bool ReportsInFlight => true;

    /// <summary>Whether what was acknowledged may be delivered again when consumers come or go.</summary>
    public virtual bool RepeatsAcknowledged => false;

    /// <summary>Whether a message that was refused leaves a dead letter without a body; else it is removed.</summary>
    public virtual bool KeepsRefused => true;

    public QueueTally Tally { get; } = new();

    /// <summary>
    /// Opens a client of the named queue, which is created when it does not exist. Several clients of one name share the queue.
    /// </summary>
    public abstract Task<QueueClient> ConnectAsync(string queue, QueueSettings settings);

    /// <summary>Registers the named queue by the adapter's extension method.</summary>
    public abstract void Register(ISessionReplayBuilder builder, string queue);

    /// <summary>Registers a queue of a peer that is not there.</summary>
    public abstract void RegisterUnreachable(ISessionReplayBuilder builder);

    /// <summary>
    /// Starts a process that holds messages of the named queue: what <see cref="ConnectAsync"/> opens, in a process that can be killed.
    /// </summary>
    public abstract Task<HoldingProcess> HoldAsync(string queue, QueueSettings settings, int count);

    /// <summary>Takes the peer away without warning (a broker is killed, a file is locked).</summary>
    public abstract Task BreakPeerAsync();

    /// <summary>Brings the peer back with what it had stored.</summary>
    public abstract Task RestorePeerAsync();

    public virtual Task InitializeAsync() => Task.CompletedTask;

    /// <summary>Prints the figures and leaves them beside the test assembly.</summary>
    public virtual async Task DisposeAsync()
    {
        var figures = Tally.Print(Adapter);
        Console.WriteLine(figures);
        await File.WriteAllTextAsync(Path.Combine(AppContext.BaseDirectory, "queue-conformance.txt"), figures + "\n");
    }

    /// <summary>A name that no other test uses.</summary>
    public string NewQueueName() =>
        FormattableString.Invariant($"conformance-{Guid.CreateVersion7():N}-{Interlocked.Increment(ref _queues)}");
}
