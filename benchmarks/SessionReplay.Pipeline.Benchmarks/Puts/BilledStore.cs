using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SessionReplay.Storage;
using SessionReplay.Storage.S3;
using SessionReplay.Testing.Peers;

namespace SessionReplay.Pipeline.Benchmarks.Puts;

/// <summary>A store whose requests are counted: the adapter as it is, against a server that speaks the store's protocol.</summary>
internal sealed class BilledStore : IAsyncDisposable
{
    private const string Bucket = "recordings";

    private readonly List<IAsyncDisposable> _running = [];
    private Action<ISessionReplayBuilder> _add = static _ => { };

    private BilledStore(string name) => Name = name;

    public string Name { get; }

    /// <summary>Gets whether the container must be made first, as an operator does once.</summary>
    public bool NeedsSetUp { get; private set; }

    public StoreCounts Counts { get; } = new();

    public static async Task<BilledStore> StartAsync(string name)
    {
        var store = new BilledStore(name);
        await (name switch
        {
            "S3" => store.StartS3Async(),
            "Google Cloud Storage" => store.StartGcsAsync(),
            "Azure Blob" => store.StartAzureAsync(),
            _ => store.UseFolderAsync(),
        });
        return store;
    }

    public void AddTo(ISessionReplayBuilder builder) => _add(builder);

    public async ValueTask DisposeAsync()
    {
        foreach (var running in Enumerable.Reverse(_running))
        {
            await running.DisposeAsync();
        }
    }

    private async Task StartS3Async()
    {
        var port = await ProxyAsync(new S3rver(), static request =>
            HttpMethods.IsDelete(request.Method) || request.Query.ContainsKey("delete") ? OperationClass.Delete
            : HttpMethods.IsPut(request.Method) || HttpMethods.IsPost(request.Method) ? OperationClass.Write
            : request.Query.ContainsKey("list-type") ? OperationClass.List : OperationClass.Read);
        _add = builder => builder.AddS3Storage(options =>
        {
            (options.Preset, options.ServiceUrl, options.Bucket) = (S3Preset.MinIO, Address(port), Bucket);
            (options.AccessKey, options.SecretKey) = (S3rver.AccessKey, S3rver.SecretKey);
        });
    }

    private async Task StartGcsAsync()
    {
        var port = await ProxyAsync(new GcsEmulator(), static request =>
            HttpMethods.IsDelete(request.Method) || request.Path.StartsWithSegments("/batch", StringComparison.Ordinal)
                ? OperationClass.Delete
            // The bytes of a resumable upload, which its POST has begun.
            : HttpMethods.IsPut(request.Method) ? OperationClass.Part
            : HttpMethods.IsPost(request.Method) ? OperationClass.Write
            : request.Path.Value!.EndsWith("/o", StringComparison.Ordinal) ? OperationClass.List : OperationClass.Read);
        _add = builder => builder.AddGcsStorage(options =>
            (options.ServiceUrl, options.Bucket, options.Anonymous, options.PartBytes) = (Address(port), Bucket, true, 16 * 1024 * 1024));
    }

    private async Task StartAzureAsync()
    {
        var server = new Azurite();
        var port = await ProxyAsync(server, static request =>
            HttpMethods.IsDelete(request.Method) || request.Query["comp"] == "batch" ? OperationClass.Delete
            : HttpMethods.IsPut(request.Method) ? OperationClass.Write
            : request.Query["comp"] == "list" ? OperationClass.List : OperationClass.Read);
        NeedsSetUp = true;
        var connection = server.ConnectionString.Replace($":{server.Port}/", $":{port}/", StringComparison.Ordinal);
        _add = builder => builder.AddAzureBlobStorage(options => (options.ConnectionString, options.Bucket) = (connection, Bucket));
    }

    /// <summary>The embedded folder, whose files are counted.</summary>
    private Task UseFolderAsync()
    {
        _add = builder =>
        {
            var local = builder.Services.Last(service => service.ServiceType == typeof(IBlobStore) && !service.IsKeyedService);
            builder.Services.AddSingleton<IBlobStore>(
                provider => new CountingBlobStore((IBlobStore)local.ImplementationFactory!(provider), Counts));
        };
        return Task.CompletedTask;
    }

    private async Task<int> ProxyAsync(NodeServer server, Func<HttpRequest, OperationClass> classify)
    {
        await server.StartProcessAsync();
        _running.Add(server);
        var proxy = await BillingProxy.StartAsync(server.Port, classify, Counts);
        _running.Add(proxy);
        return proxy.Port;
    }

    private static string Address(int port) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
}
