namespace SessionReplay.AspNetCore;

/// <summary>
/// The adapters that the configuration may choose: a closed table, so that no text from a configuration file is ever used to load an
/// assembly.
/// </summary>
internal static class AdapterNames
{
    private static readonly (AdapterKind Kind, string Name, string Assembly)[] Known =
    [
        (AdapterKind.Queue, "Sqlite", "SessionReplay.Queues"),
        (AdapterKind.Queue, "RabbitMQ", "SessionReplay.Queues.RabbitMQ"),
        (AdapterKind.Queue, "Nats", "SessionReplay.Queues.Nats"),
        (AdapterKind.Queue, "Kafka", "SessionReplay.Queues.Kafka"),
        (AdapterKind.Queue, "Sqs", "SessionReplay.Queues.Sqs"),
        (AdapterKind.Queue, "AzureServiceBus", "SessionReplay.Queues.AzureServiceBus"),
        (AdapterKind.Storage, "Local", "SessionReplay.Storage"),
        (AdapterKind.Storage, "Replicated", "SessionReplay.Storage"),
        (AdapterKind.Storage, "S3", "SessionReplay.Storage.S3"),
        (AdapterKind.Storage, "Gcs", "SessionReplay.Storage.Gcs"),
        (AdapterKind.Storage, "AzureBlob", "SessionReplay.Storage.AzureBlob"),
        (AdapterKind.Catalog, "Sqlite", "SessionReplay.Storage"),
        (AdapterKind.Catalog, "PostgreSql", "SessionReplay.Storage.PostgreSql"),
        (AdapterKind.KeyStore, "Sqlite", "SessionReplay.Storage"),
        (AdapterKind.KeyStore, "PostgreSql", "SessionReplay.Storage.PostgreSql"),
        (AdapterKind.KeyManagement, "Local", "SessionReplay.Crypto"),
    ];

    public static (string Name, string Assembly)? Find(AdapterKind kind, string name)
    {
        foreach (var known in Known)
        {
            if (known.Kind == kind && string.Equals(known.Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return (known.Name, known.Assembly);
            }
        }

        return null;
    }

    public static IEnumerable<string> Of(AdapterKind kind) => Known.Where(known => known.Kind == kind).Select(known => known.Name);
}
