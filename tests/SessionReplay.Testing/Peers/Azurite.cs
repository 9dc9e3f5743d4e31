using System.Globalization;

namespace SessionReplay.Testing.Peers;

/// <summary>Azurite: Microsoft's own emulator of Azure Blob Storage.</summary>
/// <param name="authority">With it, it listens with TLS, and takes tokens of Microsoft Entra ID, whose signature it does not check.</param>
public sealed class Azurite(TestAuthority? authority = null) : NodeServer
{
    // The emulator's account and key are published by its makers; they open nothing else.
    private const string Account = "devstoreaccount1";
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};BlobEndpoint={ServiceUrl}/{Account};";

    /// <summary>The account's address, for a client that has tokens.</summary>
    public Uri AccountAddress => new($"https://127.0.0.1:{Port}/{Account}");

    protected override ChildProcess Launch() => ChildProcess.Start(
        "node",
        [
            NodePeers.Require("azurite", "dist", "src", "blob", "main.js"), "--blobHost", "127.0.0.1",
            "--blobPort", Port.ToString(CultureInfo.InvariantCulture), "--location", Folder.FullPath, "--silent", "--skipApiVersionCheck",
            .. authority is null ? [] : new[] { "--oauth", "basic", "--cert", authority.CertificateFile, "--key", authority.KeyFile },
        ]);
}
