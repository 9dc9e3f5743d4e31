using System.Net;
using Amazon.Runtime;

namespace SessionReplay.Storage.S3;

/// <summary>Makes HTTP clients that send a body at once, without waiting for <c>100 Continue</c>.</summary>
/// <remarks>
/// A server that refuses a call with <c>Expect: 100-continue</c> does not read the body. When its answer takes longer than the client waits
/// (1 s), the client sends the body nevertheless, and the server reads it as the next request of the connection: that call, of another
/// session perhaps, fails with 400 Bad Request. Observed with Ceph's gateway under load.
/// </remarks>
internal sealed class ImmediateBodyClientFactory : HttpClientFactory
{
    /// <inheritdoc/>
    public override HttpClient CreateHttpClient(IClientConfig clientConfig)
    {
        // A redirect would need a new signature, and a decompressed body would not have the length that S3 declares.
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.None };
        if (clientConfig.GetWebProxy() is { } proxy)
        {
            handler.Proxy = proxy;
        }

        var client = new HttpClient(new ImmediateBodyHandler { InnerHandler = handler });
        if (clientConfig.Timeout is { } timeout)
        {
            client.Timeout = timeout;
        }

        return client;
    }

    private sealed class ImmediateBodyHandler : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.ExpectContinue = false;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
