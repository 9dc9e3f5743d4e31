using System.Text.Json;
using Google.Apis.Auth.OAuth2;
using Google.Cloud.Storage.V1;

namespace SessionReplay.Storage.Gcs;

/// <summary>Makes the client from the options.</summary>
internal static class GcsClientFactory
{
    /// <summary>The kinds of credentials that Google's library reads from a file.</summary>
    private static readonly string[] CredentialTypes =
    [
        JsonCredentialParameters.ServiceAccountCredentialType, JsonCredentialParameters.ExternalAccountCredentialType,
        JsonCredentialParameters.ImpersonatedServiceAccountCredentialType, JsonCredentialParameters.AuthorizedUserCredentialType,
    ];

    public static StorageClient Create(GcsStorageOptions options)
    {
        var client = new StorageClientBuilder
        {
            ApplicationName = "SessionReplay",
            BaseUri = options.ServiceUrl is { Length: > 0 } url ? $"{url.TrimEnd('/')}/storage/v1/" : null,
            UnauthenticatedAccess = options.Anonymous,
            GoogleCredential = !options.Anonymous && options.CredentialsFile is { Length: > 0 } file ? ReadCredential(file) : null,
        }.Build();
        // The application's own policy repeats calls and bounds their time.
        client.Service.HttpClient.MessageHandler.NumTries = 1;
        client.Service.HttpClient.Timeout = Timeout.InfiniteTimeSpan;
        return client;
    }

    private static GoogleCredential ReadCredential(string file)
    {
        string? type;
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file));
            type = json.RootElement.TryGetProperty("type", out var value) ? value.GetString() : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            throw new InvalidOperationException($"SessionReplay:Storage:Gcs:CredentialsFile '{file}' cannot be read: {e.Message}", e);
        }

        return type is not null && CredentialTypes.Contains(type)
            ? CredentialFactory.FromFile(file, type)
            : throw new InvalidOperationException(
                $"SessionReplay:Storage:Gcs:CredentialsFile '{file}' has the type '{type}'. It must be one of {string.Join(", ", CredentialTypes)}.");
    }
}
