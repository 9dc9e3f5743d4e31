using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using Microsoft.Extensions.DependencyInjection;
using SessionReplay.Testing;
using SessionReplay.Testing.Peers;

namespace SessionReplay.Storage.AzureBlob.Tests;

/// <summary>Presigned URLs of a client that has no key of the account, as one with a managed identity.</summary>
public sealed class DelegationKeyTests
{
    [SkippableFact]
    public async Task TryPresign_ClientWithATokenOnly_SignsWithAKeyThatItIsGivenOnce()
    {
        using var folder = new TempFolder();
        var authority = new TestAuthority(folder);
        await using var server = new Azurite(authority);
        await server.StartProcessAsync();
        using var http = new HttpClient(Trusting(authority));
        using var counted = new CountingHandler(Trusting(authority));
        using var transport = new HttpClient(counted);
        var builder = new TestBuilder();
        builder.Services.AddSingleton(new BlobServiceClient(
            server.AccountAddress, new Identity(), new BlobClientOptions { Transport = new HttpClientTransport(transport) }));
        builder.AddAzureBlobStorage(o => (o.ServiceKey, o.Bucket) = ("", "recordings"));
        await using var provider = builder.Services.BuildServiceProvider();
        var store = provider.GetRequiredService<IBlobStore>();
        await store.SetUpAsync([], default);
        using var content = new MemoryStream([1, 2, 3]);
        await store.PutAsync("a.bin", content, 3, default);

        var first = await store.TryPresignAsync("a.bin", TimeProvider.System.GetUtcNow().AddMinutes(5), default);
        var second = await store.TryPresignAsync("a.bin", TimeProvider.System.GetUtcNow().AddMinutes(6), default);

        Assert.Equal([1, 2, 3], await http.GetByteArrayAsync(first));
        Assert.Equal([1, 2, 3], await http.GetByteArrayAsync(second));
        using var refused = await http.GetAsync(first!.AbsoluteUri.Replace("a.bin", "b.bin", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal(1, counted.Keys);
    }

    [SkippableFact]
    public async Task TryPresign_NobodyGivesAKey_PresignsNothing()
    {
        await using var server = new Azurite();
        await server.StartProcessAsync();
        var signature = new Uri($"{server.ServiceUrl}/devstoreaccount1?sv=2024-11-04&ss=b&srt=sco&sp=r&se=2099-01-01&sig=AAAA");
        var builder = new TestBuilder();
        builder.Services.AddSingleton(new BlobServiceClient(signature));
        builder.AddAzureBlobStorage(o => (o.ServiceKey, o.Bucket) = ("", "recordings"));
        await using var provider = builder.Services.BuildServiceProvider();

        var url = await provider.GetRequiredService<IBlobStore>().TryPresignAsync(
            "a.bin", TimeProvider.System.GetUtcNow().AddMinutes(5), default);

        Assert.Null(url);
    }

    private static SocketsHttpHandler Trusting(TestAuthority authority)
    {
        var root = X509CertificateLoader.LoadCertificateFromFile(authority.AuthorityFile);
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { root }, RevocationMode = X509RevocationMode.NoCheck,
        };
        return new() { SslOptions = { CertificateChainPolicy = policy } };
    }

    /// <summary>An identity whose tokens Azurite takes: it checks their claims and no signature.</summary>
    private sealed class Identity : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            var now = TimeProvider.System.GetUtcNow();
            var claims = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
            {
                ["aud"] = "https://storage.azure.com", ["iss"] = $"https://sts.windows.net/{Guid.Empty}/", ["tid"] = Guid.Empty,
                ["oid"] = Guid.Empty, ["iat"] = now.ToUnixTimeSeconds(), ["nbf"] = now.ToUnixTimeSeconds() - 60,
                ["exp"] = now.AddHours(1).ToUnixTimeSeconds(),
            });
            return new($"{Encode("""{"alg":"HS256","typ":"JWT"}"""u8)}.{Encode(claims)}.{Encode(Encoding.ASCII.GetBytes("none"))}", now.AddHours(1));
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(GetToken(requestContext, cancellationToken));

        private static string Encode(ReadOnlySpan<byte> bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
    }

    private sealed class CountingHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        /// <summary>How many keys were asked for.</summary>
        public int Keys { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Keys += request.RequestUri!.Query.Contains("userdelegationkey", StringComparison.Ordinal) ? 1 : 0;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
