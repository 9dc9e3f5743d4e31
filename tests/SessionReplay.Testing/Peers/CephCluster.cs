using System.Diagnostics;
using System.Globalization;

namespace SessionReplay.Testing.Peers;

/// <summary>A real Ceph cluster (monitor, object store daemon, radosgw) on 127.0.0.1: an S3 that is distributed for real.</summary>
public sealed class CephCluster : IAsyncDisposable
{
    private readonly TempFolder _folder = new();

    private CephCluster(int basePort) => BasePort = basePort;

    public int BasePort { get; }

    public string ServiceUrl => $"http://127.0.0.1:{BasePort + 80}";

    public string AccessKey => "AK";

    public string SecretKey => "SKSKSK";

    public static async Task<CephCluster> StartAsync()
    {
        Peer.Require("/usr/bin/radosgw", "apt-get install -y --no-install-recommends ceph-mon ceph-osd radosgw ceph-common");
        // The cluster takes a block of ports; a taken one makes the start fail, so another block is tried.
        for (var attempt = 1; ; attempt++)
        {
            var cluster = new CephCluster(20_000 + (Random.Shared.Next(80) * 100));
            if (await cluster.TryStartAsync())
            {
                return cluster;
            }

            var log = cluster.Log;
            await cluster.DisposeAsync();
            if (attempt == 3)
            {
                throw new InvalidOperationException($"Ceph did not start:\n{log}");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var name in new[] { "rgw.pid", "osd.pid", "mon.pid" })
        {
            var file = _folder.File(name);
            if (File.Exists(file) && int.TryParse(await File.ReadAllTextAsync(file), CultureInfo.InvariantCulture, out var id))
            {
                await KillAsync(id);
            }
        }

        _folder.Dispose();
    }

    private string Log { get; set; } = string.Empty;

    private static async Task KillAsync(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
            await process.WaitForExitAsync();
        }
        catch (ArgumentException)
        {
            // It has ended already.
        }
    }

    private async Task<bool> TryStartAsync()
    {
        var script = Repository.File("tests", "SessionReplay.Testing", "Peers", "ceph-s3.sh");
        var info = new ProcessStartInfo("bash", [script, _folder.FullPath, BasePort.ToString(CultureInfo.InvariantCulture)])
        {
            // The daemons live on in the background with these as their own: they must not be pipes that end with us.
            RedirectStandardInput = true,
        };
        info.ArgumentList.Insert(0, "-c");
        info.ArgumentList.Insert(1, "exec bash \"$0\" \"$@\" > \"$1/start.log\" 2>&1 < /dev/null");
        using var process = Process.Start(info)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await process.WaitForExitAsync(limit.Token);
        Log = File.Exists(_folder.File("start.log")) ? await File.ReadAllTextAsync(_folder.File("start.log")) : string.Empty;
        return process.ExitCode == 0;
    }
}
