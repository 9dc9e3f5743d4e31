using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using SessionReplay.AspNetCore.Operator;
using SessionReplay.Audit;
using SessionReplay.Catalog;

namespace SessionReplay.AspNetCore.Tests.Operator;

/// <summary>A host with embedded parts, and peers to copy it to.</summary>
[Collection(CopyPeersCollection.Name)]
public abstract class CopySuite(CopyPeers peers) : IAsyncLifetime
{
    private protected const string Css = "p { color: blue }";

    private protected CopyPeers Peers => peers;

    private protected TempFolder Folder { get; } = new();

    private protected FullHost Host { get; private set; } = null!;

    public async Task InitializeAsync() => Host = await FullHost.StartAsync();

    public async Task DisposeAsync()
    {
        await Host.DisposeAsync();
        Folder.Dispose();
    }

    private protected static async Task<(SessionId Session, WindowId Window)> RecordAsync(FullHost host, uint batches)
    {
        var recorded = (Session: BatchSamples.NewSession(), Window: WindowId.Create(TimeProvider.System));
        for (uint seq = 0; seq < batches; seq++)
        {
            await AppendAsync(host, recorded, seq);
        }

        return recorded;
    }

    private protected static async Task AppendAsync(FullHost host, (SessionId Session, WindowId Window) to, uint seq, string? asset = null)
    {
        var batch = BatchSamples.CreateFull().In(to.Session, to.Window);
        (batch.Seq, batch.Last) = (seq, false);
        if (asset is not null)
        {
            batch.AddDom((BatchSamples.Time + 30, $$$"""{"type":3,"data":{"source":15,"styleId":1,"href":"sr-asset:{{{asset}}}"}}"""));
        }

        Assert.Equal(HttpStatusCode.Accepted, await host.SendAsync(batch));
        await FullHost.WaitAsync(async () => await host.ChunksAsync(to.Session) > seq, "the chunk");
    }

    /// <returns>The asset's name.</returns>
    private protected static async Task<string> AddAssetAsync(FullHost host, string css)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(css)));
        using var content = IngestHost.Body(Upload.Frame(Encoding.UTF8.GetBytes(css)));
        using var answer =
            await host.Client.PostAsync($"v1/sessions/{BatchSamples.NewSession()}/assets/{hash}?key={FullHost.Key}&type=text/css", content);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        return hash;
    }

    private protected static async Task AssertSameAsync(
        FullHost here, FullHost there, params (SessionId Session, WindowId Window)[] recorded)
    {
        foreach (var (session, window) in recorded)
        {
            var manifest = $"api/tenants/shop/sessions/{session}/manifest";
            var original = await here.GetAsync(manifest);
            // The ticket is sealed under the session's key: it is valid there, too.
            var view = original.GetProperty("view").GetString();
            Assert.Equal(original.ToString(), (await there.GetAsync($"{manifest}?view={view}")).ToString());
            for (uint seq = 0; seq < await here.ChunksAsync(session); seq++)
            {
                Assert.Equal(await here.ChunkAsync(session, window, seq), await there.ChunkAsync(session, window, seq));
            }
        }

        var (assets, copies) = (here.Services.GetRequiredService<IAssetCatalog>(), there.Services.GetRequiredService<IAssetCatalog>());
        foreach (var (session, _) in recorded)
        {
            SessionRef name = new(new("shop"), session);
            Assert.Equal(await assets.ListNamedAsync(name, default), await copies.ListNamedAsync(name, default));
        }

        Assert.Equal(
            (await assets.ListAsync(new("shop"), null, 100, default)).Select(a => (a.Hash, a.Bytes, string.Join(' ', a.Names))),
            (await copies.ListAsync(new("shop"), null, 100, default)).Select(a => (a.Hash, a.Bytes, string.Join(' ', a.Names))));
        Assert.Null(await there.Services.GetRequiredService<IAuditLog>().FindBreakAsync(default));
    }

    private protected static async Task<(int ExitCode, string Output)> RunAsync(FullHost host, params string[] args)
    {
        using var output = new StringWriter();
        var exitCode = await ActivatorUtilities.CreateInstance<OperatorCommands>(host.Services).RunAsync(args, output, default);
        return (exitCode, output.ToString().TrimEnd());
    }

    private protected Task<(int ExitCode, string Output)> CopyAsync(FullHost host, CopyConfiguration to, params string[] more) =>
        RunAsync(host, ["copy", "--to", CopyPeers.Write(to, Folder.File("target.json")), .. more]);
}
