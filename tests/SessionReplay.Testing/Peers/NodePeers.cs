namespace SessionReplay.Testing.Peers;

/// <summary>Peers that come as npm packages; their versions are in tests/peers/package.json.</summary>
public static class NodePeers
{
    /// <summary>The folder whose node_modules holds the peers.</summary>
    public static string Folder { get; } = Repository.File("tests", "peers");

    /// <summary>Finds a file of an installed package.</summary>
    public static string Require(params string[] path)
    {
        var file = Path.Combine([Folder, "node_modules", .. path]);
        Peer.Require(file, "npm ci --ignore-scripts in tests/peers");
        return file;
    }
}
