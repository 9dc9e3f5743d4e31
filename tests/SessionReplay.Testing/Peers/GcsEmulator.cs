using System.Globalization;

namespace SessionReplay.Testing.Peers;

/// <summary>The Google Cloud Storage JSON API of firebase-tools. It keeps its objects in memory: a restart is an empty store.</summary>
public sealed class GcsEmulator : NodeServer
{
    protected override ChildProcess Launch()
    {
        NodePeers.Require("firebase-tools", "lib", "emulator", "storage", "server.js");
        return ChildProcess.Start(
            "node",
            [Path.Combine(NodePeers.Folder, "gcs-emulator.cjs"), Port.ToString(CultureInfo.InvariantCulture)],
            new Dictionary<string, string?> { ["TMPDIR"] = Folder.FullPath },
            NodePeers.Folder);
    }
}
