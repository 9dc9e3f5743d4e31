using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SessionReplay.Versions;

/// <summary>
/// Fails the start on a database that a newer version has changed. A database that cannot be reached does not: it may be back before it is
/// used, and the application's pages do not depend on their recording.
/// </summary>
/// <param name="check">Reads the version, and throws <see cref="NewerDatabaseException"/> if it is newer.</param>
/// <param name="logger">Logs what else is wrong.</param>
internal sealed partial class SchemaVersionCheck(Func<CancellationToken, ValueTask> check, ILogger<SchemaVersionCheck> logger)
    : IHostedLifecycleService
{
    /// <summary>Runs before any service uses the database.</summary>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await check(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (Find(e) is { } newer)
        {
            throw new InvalidOperationException($"SessionReplay cannot start: {newer.Message}", e);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The health check and the first use of the database report it again.
            VersionNotRead(logger, e);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(1, LogLevel.Warning, "Could not read the version of a database at the start; starting all the same.")]
    private static partial void VersionNotRead(ILogger logger, Exception exception);

    private static NewerDatabaseException? Find(Exception? error) =>
        error is null ? null : error as NewerDatabaseException ?? Find(error.InnerException);
}
