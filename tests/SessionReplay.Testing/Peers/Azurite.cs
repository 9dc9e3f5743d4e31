using System.Globalization;

namespace SessionReplay.Testing.Peers;

/// <summary>Azurite: Microsoft's own emulator of Azure Blob Storage.</summary>
public sealed class Azurite : NodeServer
{
    // The emulator's account and key are published by its makers; they open nothing else.
    private const string Account = "devstoreaccount1";
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};BlobEndpoint={ServiceUrl}/{Account};";

    protected override ChildProcess Launch() => ChildProcess.Start(
        "node",
        [
            NodePeers.Require("azurite", "dist", "src", "blob", "main.js"), "--blobHost", "127.0.0.1",
            "--blobPort", Port.ToString(CultureInfo.InvariantCulture), "--location", Folder.FullPath, "--silent", "--skipApiVersionCheck",
        ]);
}
