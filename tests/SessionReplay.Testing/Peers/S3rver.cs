using System.Globalization;

namespace SessionReplay.Testing.Peers;

/// <summary>s3rver: a light S3 in node.</summary>
public sealed class S3rver : NodeServer
{
    public const string AccessKey = "S3RVER";
    public const string SecretKey = "S3RVER";
    public const string Bucket = "recordings";

    /// <summary>The folder with a folder for each bucket.</summary>
    public string DataFolder => Folder.FullPath;

    protected override ChildProcess Launch() => ChildProcess.Start(
        "node",
        [
            "--require", Repository.File("tests", "peers", "s3rver-folders.cjs"),
            NodePeers.Require("s3rver", "bin", "s3rver.js"), "-a", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture),
            "-d", Folder.FullPath, "--configure-bucket", Bucket,
        ]);
}
