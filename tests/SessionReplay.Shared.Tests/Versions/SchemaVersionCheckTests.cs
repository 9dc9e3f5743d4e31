using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SessionReplay.Versions;

namespace SessionReplay.Shared.Tests.Versions;

public sealed class SchemaVersionCheckTests
{
    private static readonly NewerDatabaseException Newer = new("catalog.db", found: 3, known: 2);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Starting_NewerDatabase_FailsAndNamesItAndBothVersionsAndWhatToDo(bool wrapped)
    {
        var error = wrapped ? new InvalidOperationException("The catalog is unavailable.", Newer) : (Exception)Newer;

        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(_ => throw error));

        Assert.Equal(
            "SessionReplay cannot start: catalog.db was written by a newer version (schema 3, this one knows 2). "
            + "Install the newer version of SessionReplay, or stop all processes and restore the backup from before the upgrade.",
            thrown.Message);
    }

    [Fact]
    public async Task Starting_DatabaseOfThisVersionOrOutOfReach_Starts()
    {
        await StartAsync(_ => ValueTask.CompletedTask);
        await StartAsync(_ => throw new IOException("The disk is gone."));
    }

    [Fact]
    public async Task Starting_StartIsCancelled_EndsTheCheck() => await Assert.ThrowsAnyAsync<OperationCanceledException>(
        () => StartAsync(async token => await Task.Delay(Timeout.Infinite, token), new(canceled: true)));

    private static Task StartAsync(Func<CancellationToken, ValueTask> check, CancellationToken cancellationToken = default)
    {
        var services = new ServiceCollection().AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        services.AddVersionCheck(_ => check);
        var service = services.BuildServiceProvider().GetServices<IHostedService>().OfType<IHostedLifecycleService>().Single();
        return service.StartingAsync(cancellationToken);
    }
}
