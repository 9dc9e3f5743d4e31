namespace SessionReplay.AspNetCore;

/// <summary>The adapters that the configuration may choose: a closed table, so that no text from a configuration file is ever used to load an assembly.</summary>
internal static class AdapterNames
{
    private static readonly (string Part, string Name, string Assembly)[] Known =
    [
        (Parts.Queue, "Sqlite", "SessionReplay.Queues"),
        (Parts.Queue, "RabbitMQ", "SessionReplay.Queues.RabbitMQ"),
        (Parts.Queue, "Nats", "SessionReplay.Queues.Nats"),
        (Parts.Queue, "Kafka", "SessionReplay.Queues.Kafka"),
        (Parts.Queue, "Sqs", "SessionReplay.Queues.Sqs"),
        (Parts.Queue, "AzureServiceBus", "SessionReplay.Queues.AzureServiceBus"),
        (Parts.Storage, "Local", "SessionReplay.Storage"),
        (Parts.Storage, "Replicated", "SessionReplay.Storage"),
        (Parts.Storage, "S3", "SessionReplay.Storage.S3"),
        (Parts.Storage, "Gcs", "SessionReplay.Storage.Gcs"),
        (Parts.Storage, "AzureBlob", "SessionReplay.Storage.AzureBlob"),
        (Parts.Catalog, "Sqlite", "SessionReplay.Storage"),
        (Parts.Catalog, "PostgreSql", "SessionReplay.Storage.PostgreSql"),
        (Parts.KeyStore, "Sqlite", "SessionReplay.Storage"),
        (Parts.KeyStore, "PostgreSql", "SessionReplay.Storage.PostgreSql"),
        (Parts.KeyManagement, "Local", "SessionReplay.Crypto"),
    ];

    public static (string Name, string Assembly)? Find(string part, string name)
    {
        foreach (var known in Known)
        {
            if (known.Part == part && string.Equals(known.Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return (known.Name, known.Assembly);
            }
        }

        return null;
    }

    public static IEnumerable<string> Of(string part) => Known.Where(known => known.Part == part).Select(known => known.Name);
}
