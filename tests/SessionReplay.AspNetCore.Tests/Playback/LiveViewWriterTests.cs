using Microsoft.Extensions.Time.Testing;
using SessionReplay.AspNetCore.Ingest;
using SessionReplay.AspNetCore.Playback;
using SessionReplay.AspNetCore.Tests.Ingest;

namespace SessionReplay.AspNetCore.Tests.Playback;

public sealed class LiveViewWriterTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new();
    private readonly LiveViewStub _store = new();
    private readonly LineLog<LiveViewWriter> _log = new();
    private readonly LiveViews _views;
    private readonly LiveViewWriter _writer;

    public LiveViewWriterTests()
    {
        _views = new(_clock);
        _writer = new(_views, _store, _clock, _log);
    }

    public Task InitializeAsync() => _writer.StartAsync(default);

    public async Task DisposeAsync()
    {
        await _writer.StopAsync(default);
        Assert.True(_writer.ExecuteTask!.IsCompletedSuccessfully);
        _writer.Dispose();
    }

    [Fact]
    public async Task Note_ByAViewer_IsInTheCatalogForFifteenSeconds()
    {
        var session = NewSession();
        _views.Note(session);
        await NotesAsync(1);
        Assert.True(_store.Notes.TryPeek(out var note));
        Assert.Equal([session], note.Sessions);
        Assert.Equal(_clock.GetUtcNow() + TimeSpan.FromSeconds(15), note.Until);
    }

    [Fact]
    public async Task Note_WhileTheCatalogIsAsked_AreNotedTogether()
    {
        var gate = new TaskCompletionSource();
        _store.Gate = gate.Task;
        _views.Note(NewSession());
        await NotesAsync(1);
        var waiting = Enumerable.Range(0, 700).Select(_ => NewSession()).ToList();
        waiting.ForEach(_views.Note);
        Assert.True(_views.IsWatched(waiting[^1]));

        gate.SetResult();
        await NotesAsync(3);
        Assert.Equal([1, 500, 200], _store.Notes.Select(note => note.Sessions.Length));
        Assert.Equal(waiting, _store.Notes.Skip(1).SelectMany(note => note.Sessions));
    }

    [Fact]
    public async Task Note_CatalogFails_GoesOnWithOneLine()
    {
        _store.Fails = true;
        var session = NewSession();
        for (var i = 1; i <= 4; i++)
        {
            _views.Note(session);
            await NotesAsync(i);
            _clock.Advance(TimeSpan.FromSeconds(5));
        }

        await FullHost.WaitAsync(() => Task.FromResult(_log.Lines.Count == 1), "the line");
        _store.Fails = false;
        _views.Note(session);
        await NotesAsync(5);
        Assert.Single(_log.Lines);
    }

    private static SessionRef NewSession() => new(new("shop"), BatchSamples.NewSession());

    private Task NotesAsync(int count) => FullHost.WaitAsync(() => Task.FromResult(_store.Notes.Count == count), $"{count} notes");
}
