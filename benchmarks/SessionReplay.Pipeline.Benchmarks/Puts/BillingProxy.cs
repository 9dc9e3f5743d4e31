using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Logging;

namespace SessionReplay.Pipeline.Benchmarks.Puts;

/// <summary>Stands between an adapter and its store, and counts the requests as the store's price list does.</summary>
internal sealed class BillingProxy : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });
    private readonly int _port;
    private readonly Func<HttpRequest, OperationClass> _classify;
    private readonly StoreCounts _counts;

    private BillingProxy(int port, Func<HttpRequest, OperationClass> classify, StoreCounts counts)
    {
        (_port, _classify, _counts) = (port, classify, counts);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Urls.Add("http://127.0.0.1:0");
        _app.Run(ForwardAsync);
    }

    public int Port => new Uri(_app.Urls.First()).Port;

    /// <param name="port">The port of the store.</param>
    /// <param name="classify">Says what a request counts as.</param>
    /// <param name="counts">Takes the counts.</param>
    public static async Task<BillingProxy> StartAsync(int port, Func<HttpRequest, OperationClass> classify, StoreCounts counts)
    {
        var proxy = new BillingProxy(port, classify, counts);
        await proxy._app.StartAsync();
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _client.Dispose();
    }

    private async Task ForwardAsync(HttpContext context)
    {
        _counts.Add(_classify(context.Request));
        using var request = new HttpRequestMessage(
            new(context.Request.Method), $"http://127.0.0.1:{_port}{new Uri(context.Request.GetEncodedUrl()).PathAndQuery}");
        if (context.Request.ContentLength is not null || context.Request.Headers.TransferEncoding.Count > 0)
        {
            request.Content = new StreamContent(context.Request.Body);
        }

        foreach (var (name, value) in context.Request.Headers)
        {
            // The signature is over the host that the adapter asked for.
            _ = request.Headers.TryAddWithoutValidation(name, value.ToArray())
                || request.Content?.Headers.TryAddWithoutValidation(name, value.ToArray()) == true;
        }

        using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, value) in answer.Headers.Concat(answer.Content.Headers))
        {
            context.Response.Headers[name] = value.ToArray();
        }

        context.Response.Headers.Remove("transfer-encoding");
        await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
