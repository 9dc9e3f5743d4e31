using System.Collections.Concurrent;
using SessionReplay.Catalog;

namespace SessionReplay.AspNetCore.Tests.Ingest;

/// <summary>Keeps what is noted, and fails while the test wants it to.</summary>
internal sealed class LiveViewStub : ILiveViewStore
{
    private int _reads;

    public bool Fails { get; set; }

    /// <summary>Holds a call back until it is completed.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public int Reads => Volatile.Read(ref _reads);

    public ConcurrentQueue<(SessionRef[] Sessions, DateTimeOffset Until)> Notes { get; } = [];

    public SessionRef[] Watched { get; set; } = [];

    public async ValueTask NoteWatchedAsync(
        IReadOnlyCollection<SessionRef> sessions, DateTimeOffset until, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Notes.Enqueue(([.. sessions], until));
        await AnswerAsync(cancellationToken);
    }

    public async ValueTask<IReadOnlyList<SessionRef>> ListWatchedAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _reads);
        await AnswerAsync(cancellationToken);
        return Watched;
    }

    private async Task AnswerAsync(CancellationToken cancellationToken)
    {
        await Gate.WaitAsync(cancellationToken);
        if (Fails)
        {
            throw new CatalogUnavailableException("away");
        }
    }
}
