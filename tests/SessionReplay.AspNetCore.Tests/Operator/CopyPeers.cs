
using System.Globalization;
using System.Text.Json;
using Npgsql;
using SessionReplay.Storage.S3;
using SessionReplay.Testing.Peers;

namespace SessionReplay.AspNetCore.Tests.Operator;

/// <summary>A PostgreSQL server and an S3 to copy to; each test has a database and a prefix of its own.</summary>
public sealed class CopyPeers : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly S3rver _store = new();
    private PostgreSqlServer? _database;
    private int _tests;

    public async Task InitializeAsync()
    {
        PostgreSqlServer.Require();
        await _store.StartProcessAsync();
        _database = await PostgreSqlServer.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }

        _folder.Dispose();
    }

    /// <summary>A configuration on PostgreSQL and S3, of which nothing is there yet.</summary>
    /// <param name="ring">The key ring; that of the source to share it.</param>
    internal CopyConfiguration Real(string? ring = null)
    {
        var name = $"copy{Interlocked.Increment(ref _tests)}";
        using var connection = new NpgsqlConnection(_database!.ConnectionString);
        connection.Open();
        using var create = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        create.ExecuteNonQuery();
        return new(_folder.File(name), _database.For(name), Set, ring ?? _folder.File($"{name}-ring.json"));

        void Set(S3StorageOptions options)
        {
            options.Preset = S3Preset.MinIO;
            options.ServiceUrl = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_store.Port}");
            (options.Bucket, options.KeyPrefix) = (S3rver.Bucket, $"{name}/");
            (options.AccessKey, options.SecretKey) = (S3rver.AccessKey, S3rver.SecretKey);
        }
    }

    /// <summary>A configuration on embedded parts, of which nothing is there yet.</summary>
    internal CopyConfiguration Embedded() => new(_folder.File($"embedded{Interlocked.Increment(ref _tests)}"), null, null, null);

    /// <summary>The files of a bucket's prefix.</summary>
    internal IReadOnlyList<string> Files(CopyConfiguration at)
    {
        var folder = Path.Combine(_store.DataFolder, S3rver.Bucket, Path.GetFileName(at.Folder));
        return Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "*._S3rver_object", SearchOption.AllDirectories).Order(StringComparer.Ordinal)]
            : [];
    }

    internal static string Write(CopyConfiguration at, string path)
    {
        File.WriteAllText(path, JsonSerializer.Serialize(new Dictionary<string, object> { ["SessionReplay"] = at.Settings() }));
        return path;
    }
}
