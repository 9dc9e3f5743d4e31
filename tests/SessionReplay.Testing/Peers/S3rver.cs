using System.Globalization;

namespace SessionReplay.Testing.Peers;

/// <summary>s3rver: a light S3 in node.</summary>
public sealed class S3rver : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private ChildProcess _process;

    private S3rver(int port)
    {
        Port = port;
        _process = Start();
    }

    public int Port { get; }

    public string ServiceUrl => $"http://127.0.0.1:{Port}";

    public string AccessKey => "S3RVER";

    public string SecretKey => "S3RVER";

    public string Bucket => "recordings";

    public static async Task<S3rver> StartAsync()
    {
        var peer = new S3rver(FreePort.Next());
        await peer._process.WaitForPortAsync(peer.Port, TimeSpan.FromSeconds(60));
        return peer;
    }

    /// <summary>Ends the process at once and keeps its data.</summary>
    public Task KillAsync() => _process.KillAsync();

    public async Task RestartAsync()
    {
        await _process.DisposeAsync();
        _process = Start();
        await _process.WaitForPortAsync(Port, TimeSpan.FromSeconds(60));
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    private ChildProcess Start() => ChildProcess.Start(
        "node",
        [
            NodePeers.Require("s3rver", "bin", "s3rver.js"), "-a", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture),
            "-d", _folder.FullPath, "--configure-bucket", Bucket,
        ]);
}
