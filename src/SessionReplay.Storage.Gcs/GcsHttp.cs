using Google.Apis.Auth.OAuth2;
using Google.Apis.Http;

namespace SessionReplay.Storage.Gcs;

/// <summary>Finds or makes the HTTP client that signs requests.</summary>
internal static class GcsHttp
{
    private const string Scope = "https://www.googleapis.com/auth/devstorage.full_control";

    public static HttpClient Create(IServiceProvider provider, GcsStorageOptions options)
    {
        if (options.ServiceKey is { } key)
        {
            return provider.GetClient<HttpClient>(key);
        }

        var arguments = new CreateHttpClientArgs { ApplicationName = "SessionReplay", GZipEnabled = false };
        if (!options.Anonymous)
        {
            arguments.Initializers.Add(Credential(options).CreateScoped(Scope));
        }

        var client = new HttpClientFactory().CreateHttpClient(arguments);
        // Retries with back-off are the application's own policy.
        client.MessageHandler.NumTries = 1;
        // Large objects take their time; each call is bounded by the application's own time-out.
        client.Timeout = Timeout.InfiniteTimeSpan;
        return client;
    }

    private static GoogleCredential Credential(GcsStorageOptions options) => options.CredentialsFile is { Length: > 0 } file
        ? CredentialFactory.FromFile<ServiceAccountCredential>(file).ToGoogleCredential()
        : GoogleCredential.GetApplicationDefault();
}
