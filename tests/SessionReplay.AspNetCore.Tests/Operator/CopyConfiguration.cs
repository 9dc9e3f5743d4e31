using SessionReplay.Storage.S3;

namespace SessionReplay.AspNetCore.Tests.Operator;

/// <summary>What is copied to, as a configuration and as a host on it.</summary>
/// <param name="Folder">The folder of what is embedded.</param>
/// <param name="Database">The connection string; <see langword="null"/> for SQLite.</param>
/// <param name="S3">Sets the store; <see langword="null"/> for a folder.</param>
/// <param name="Ring">The key ring's file; <see langword="null"/> for that of the folder.</param>
internal sealed record CopyConfiguration(string Folder, string? Database, Action<S3StorageOptions>? S3, string? Ring)
{
    public Dictionary<string, object> Settings()
    {
        var settings = new Dictionary<string, object> { ["DataDirectory"] = Folder };
        if (Ring is not null)
        {
            settings["KeyManagement"] = new { Local = new { Path = Ring } };
        }

        if (Database is not null)
        {
            settings["Catalog"] = new { Provider = "PostgreSql", PostgreSql = new { ConnectionString = Database } };
            settings["KeyStore"] = new { Provider = "PostgreSql", PostgreSql = new { ConnectionString = Database } };
        }

        if (S3 is not null)
        {
            var options = new S3StorageOptions();
            S3(options);
            settings["Storage"] = new
            {
                Provider = "S3",
                S3 = new { Preset = "MinIO", options.ServiceUrl, options.Bucket, options.KeyPrefix, options.AccessKey, options.SecretKey },
            };
        }

        return settings;
    }

    /// <summary>Starts the application on it, as after the switch.</summary>
    public Task<FullHost> StartAsync() => FullHost.StartAsync(configure: Configure, build: (_, replay) =>
    {
        if (Ring is not null)
        {
            replay.AddLocalKeyRing(options => options.Path = Ring);
        }

        if (Database is not null)
        {
            replay.AddPostgreSqlCatalog(options => options.ConnectionString = Database)
                .AddPostgreSqlKeyStore(options => options.ConnectionString = Database);
        }

        if (S3 is not null)
        {
            replay.AddS3Storage(S3);
        }
    });

    /// <summary>Nothing ends by itself, so that the two can be compared.</summary>
    private void Configure(SessionReplayOptions options) =>
        (options.DataDirectory, options.Sessions.IdleTimeout) = (Folder, TimeSpan.FromHours(1));
}
