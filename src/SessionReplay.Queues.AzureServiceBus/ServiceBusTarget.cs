namespace SessionReplay.Queues.AzureServiceBus;

/// <summary>Which queue.</summary>
/// <param name="Queue">Its name, which is its address in AMQP.</param>
/// <param name="Audience">What a token for it is made out to.</param>
/// <param name="Management">Where its description is, over HTTP.</param>
internal sealed record ServiceBusTarget(string Queue, string Audience, Uri Management)
{
    private const string UsualName = "session-replay";
    private const int EmulatorPort = 5300;

    internal static ServiceBusTarget Of(AzureServiceBusQueueOptions options, ServiceBusConnectionString connection)
    {
        var queue = options.QueueName ?? (string.IsNullOrEmpty(connection.EntityPath) ? UsualName : connection.EntityPath);
        var path = "/" + queue.TrimStart('/');
        var management = options.ManagementUrl is { } url ? new UriBuilder(url)
            : connection.IsEmulator ? new UriBuilder("http", connection.Host, EmulatorPort)
            : new UriBuilder("https", connection.Host);
        management.Path = management.Path.TrimEnd('/') + path;
        management.Query = "enrich=true&api-version=2021-05";

        // The service compares audiences in lower case; a URI's host is in lower case already.
        var audience = $"{(connection.IsEmulator ? "amqp" : "amqps")}://{connection.Host}{string.Concat(path.Select(char.ToLowerInvariant))}";
        return new ServiceBusTarget(queue, audience, management.Uri);
    }
}
