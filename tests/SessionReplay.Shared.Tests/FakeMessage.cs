using SessionReplay.Queues;

namespace SessionReplay.Shared.Tests;

/// <summary>A broker's message that notes what is done to it.</summary>
internal sealed class FakeMessage(string id = "one") : IBrokerMessage
{
    private readonly Lock _lock = new();
    private readonly List<string> _calls = [];

    public string Id => id;

    public ReadOnlyMemory<byte> Body { get; } = new byte[3];

    public int Attempt => 2;

    public bool IsLastAttempt { get; init; }

    /// <summary>What a settlement does before it is confirmed.</summary>
    public Func<CancellationToken, Task> Settling { get; set; } = _ => Task.CompletedTask;

    public Exception? GiveBackFailure { get; set; }

    public IReadOnlyList<string> Calls
    {
        get
        {
            lock (_lock)
            {
                return [.. _calls];
            }
        }
    }

    public Task AckAsync(CancellationToken end) => SettleAsync("ack", end);

    public Task RetryAsync(CancellationToken end) => SettleAsync("retry", end);

    public Task DeadLetterAsync(string reason, bool keepBody, CancellationToken end) => SettleAsync($"dead {reason} {keepBody}", end);

    public Task GiveBackAsync(bool afterFailure, CancellationToken end)
    {
        Note(afterFailure ? "give back after failure" : "give back");
        return GiveBackFailure is null ? Task.CompletedTask : Task.FromException(GiveBackFailure);
    }

    public void End() => Note("end");

    public void Note(string call)
    {
        lock (_lock)
        {
            _calls.Add(call);
        }
    }

    private Task SettleAsync(string call, CancellationToken end)
    {
        Note(call);
        return Settling(end);
    }
}
