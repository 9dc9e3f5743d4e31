using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SessionReplay.AspNetCore.Tests.Hosting;

/// <summary>An older version is started on the files of a newer one.</summary>
public sealed class NewerDatabaseTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("queue.db")]
    [InlineData("catalog.db")]
    [InlineData("audit.db")]
    [InlineData("keys/keys.db")]
    public async Task Start_FileOfANewerVersion_FailsAndNamesIt(string name)
    {
        var path = _folder.File($"session-replay-data/{name}");
        SetVersion(path, 99);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(StartAsync);

        Assert.Matches(
            "^SessionReplay cannot start: .*"
            + $"{name} was written by a newer version \\(schema 99, this one knows [0-9]+\\)\\. Install the newer version", error.Message);
    }

    [Fact]
    public async Task Start_FilesOfThisVersion_StartsAgain()
    {
        await StartAsync();
        await StartAsync();
    }

    private async Task StartAsync()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = _folder.FullPath });
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        builder.Services.AddSessionReplay(
            options => options.Tenants.Add(new TenantOptions { Id = "app", WriteKeys = { new WriteKeyOptions { Key = "wk_12345678" } } }));
        await using var app = builder.Build();
        await app.StartAsync();
        await app.StopAsync();
    }

    private static void SetVersion(string path, int version)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"PRAGMA user_version = {version}";
        command.ExecuteNonQuery();
    }
}
