using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SessionReplay.Crypto.KeyRing;
using SessionReplay.Queues;
using SessionReplay.Storage.Blobs;
using SessionReplay.Storage.Catalog;
using SessionReplay.Storage.Keys;

namespace SessionReplay.AspNetCore;

/// <summary>Puts the files of the embedded adapters into the data directory, unless the configuration gives another path.</summary>
internal static class EmbeddedPaths
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<SqliteQueueOptions>, DiskFloors>();
        // Comes before the adapters' own settings, which replace it; a relative path of theirs begins at the content root.
        services.AddOptions<SqliteQueueOptions>()
            .Configure<DataPaths>(static (options, paths) => options.Path = paths.Of("queue.db"))
            .PostConfigure<DataPaths>(static (options, paths) => options.Path = paths.Absolute(options.Path));
        services.AddOptions<LocalBlobStoreOptions>()
            .Configure<DataPaths>(static (options, paths) => options.Path = paths.Of("blobs"))
            .PostConfigure<DataPaths>(static (options, paths) => options.Path = paths.Absolute(options.Path));
        services.AddOptions<SqliteCatalogOptions>()
            .Configure<DataPaths>(
                static (options, paths) => (options.Path, options.AuditPath) = (paths.Of("catalog.db"), paths.Of("audit.db")))
            .PostConfigure<DataPaths>(static (options, paths) =>
                (options.Path, options.AuditPath) = (paths.Absolute(options.Path), paths.Absolute(options.AuditPath)));
        services.AddOptions<SqliteKeyStoreOptions>()
            .Configure<DataPaths>(static (options, paths) => options.Path = paths.Of("keys", "keys.db"))
            .PostConfigure<DataPaths>(static (options, paths) => options.Path = paths.Absolute(options.Path));
        services.AddOptions<LocalKeyRingOptions>()
            .Configure<DataPaths>(static (options, paths) => options.Path = paths.Of("keys", "key-ring.json"))
            .PostConfigure<DataPaths>(static (options, paths) => options.Path = paths.Absolute(options.Path));
    }
}
