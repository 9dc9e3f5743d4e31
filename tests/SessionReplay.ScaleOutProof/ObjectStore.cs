using SessionReplay.Testing.Peers;

namespace SessionReplay.ScaleOutProof;

/// <summary>The S3 that the recordings go to, and the settings that lead to it.</summary>
internal sealed class ObjectStore : IAsyncDisposable
{
    private readonly IAsyncDisposable _peer;

    private ObjectStore(IAsyncDisposable peer, string name, string url, string accessKey, string secretKey)
    {
        _peer = peer;
        Name = name;
        Settings = new Dictionary<string, string?>
        {
            ["SessionReplay__Storage__Provider"] = "S3",
            ["SessionReplay__Storage__S3__Preset"] = "Ceph",
            ["SessionReplay__Storage__S3__ServiceUrl"] = url,
            ["SessionReplay__Storage__S3__Bucket"] = S3rver.Bucket,
            ["SessionReplay__Storage__S3__AccessKey"] = accessKey,
            ["SessionReplay__Storage__S3__SecretKey"] = secretKey,
        };
    }

    public string Name { get; }

    public IReadOnlyDictionary<string, string?> Settings { get; }

    public static async Task<ObjectStore> StartAsync(bool light)
    {
        if (!light)
        {
            var ceph = await CephCluster.StartAsync();
            return new ObjectStore(ceph, "Ceph radosgw", ceph.ServiceUrl, ceph.AccessKey, ceph.SecretKey);
        }

        var server = new S3rver();
        try
        {
            await server.StartProcessAsync();
            return new ObjectStore(server, "s3rver", server.ServiceUrl, S3rver.AccessKey, S3rver.SecretKey);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _peer.DisposeAsync();
}
