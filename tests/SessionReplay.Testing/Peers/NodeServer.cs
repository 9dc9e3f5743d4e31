namespace SessionReplay.Testing.Peers;

/// <summary>A node peer on a free port that can be killed and started again with its data.</summary>
public abstract class NodeServer : IAsyncDisposable
{
    private ChildProcess? _process;

    public int Port { get; } = FreePort.Next();

    public string ServiceUrl => $"http://127.0.0.1:{Port}";

    protected TempFolder Folder { get; } = new();

    public async Task StartProcessAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _process = Launch();
        await _process.WaitForPortAsync(Port, TimeSpan.FromMinutes(3));
    }

    /// <summary>Ends the process at once (SIGKILL) and keeps its data.</summary>
    public Task KillAsync() => _process!.KillAsync();

    /// <summary>Stops the process where it is (SIGSTOP): it accepts connections and answers nothing.</summary>
    public Task FreezeAsync() => _process!.SignalAsync("STOP");

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    protected abstract ChildProcess Launch();
}
