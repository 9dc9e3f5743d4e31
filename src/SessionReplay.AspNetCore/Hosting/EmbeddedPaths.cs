using Microsoft.Extensions.DependencyInjection;
using SessionReplay.Crypto.KeyRing;
using SessionReplay.Queues;

namespace SessionReplay.AspNetCore;

/// <summary>Puts the files of the embedded parts into the data directory, unless the configuration gives another path.</summary>
internal static class EmbeddedPaths
{
    public static void Add(IServiceCollection services)
    {
        // Comes before the adapters' own settings, which replace it; a relative path of theirs begins at the content root.
        services.AddOptions<SqliteQueueOptions>()
            .Configure<DataPaths>(static (options, paths) => options.Path = paths.Of("queue.db"))
            .PostConfigure<DataPaths>(static (options, paths) => options.Path = paths.Absolute(options.Path));
        services.AddOptions<LocalKeyRingOptions>()
            .Configure<DataPaths>(static (options, paths) => options.Path = paths.Of("keys", "key-ring.json"))
            .PostConfigure<DataPaths>(static (options, paths) => options.Path = paths.Absolute(options.Path));
    }
}
