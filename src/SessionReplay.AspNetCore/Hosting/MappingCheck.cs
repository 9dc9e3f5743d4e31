using System.Reflection;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SessionReplay.AspNetCore;

/// <summary>Warns of calls and tags that were forgotten, once the application has started.</summary>
internal sealed class MappingCheck(
    IOptions<SessionReplayOptions> options, SessionReplayLocation location, IEnumerable<EndpointDataSource> sources,
    IHostEnvironment environment,
    IHostApplicationLifetime lifetime, ILogger<MappingCheck> logger) : BackgroundService
{
    private const string PlayerAssembly = "SessionReplay.Player";
    private const string PlayerScript = "session-replay-player.js";
    private const string Tag = "<session-replay-recorder";
    private const int MaxFiles = 2_000;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var onStarted = lifetime.ApplicationStarted.Register(started.SetResult);
        using var onStopping = stoppingToken.Register(() => started.TrySetCanceled(stoppingToken));
        await started.Task.ConfigureAwait(false);
        CheckEndpoints();
        if (environment.IsDevelopment())
        {
            CheckComponents(stoppingToken);
        }
    }

    private void CheckEndpoints()
    {
        var roles = options.Value.Roles;
        if (!location.IsMapped && (roles & (SessionReplayRoles.Ingest | SessionReplayRoles.Playback)) != 0)
        {
            Log.NotMapped(logger);
        }

        if (roles.HasFlag(SessionReplayRoles.Playback) && IsPlayerReferenced()
            && !sources.SelectMany(source => source.Endpoints).Any(IsConsole))
        {
            Log.ConsoleNotMapped(logger);
        }
    }

    private static bool IsConsole(Microsoft.AspNetCore.Http.Endpoint endpoint) =>
        endpoint is RouteEndpoint { RoutePattern.RawText: { } path } && path.EndsWith(PlayerScript, StringComparison.Ordinal)
        && !path.Contains("_content", StringComparison.Ordinal);

    private static bool IsPlayerReferenced()
    {
        try
        {
            Assembly.Load(new AssemblyName(PlayerAssembly));
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    /// <summary>
    /// In a Razor component the tag of the tag helper is an unknown HTML element, without a word. The sources are there while developing
    /// only.
    /// </summary>
    private void CheckComponents(CancellationToken cancellationToken)
    {
        try
        {
            var all = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 12 };
            foreach (var file in Directory.EnumerateFiles(environment.ContentRootPath, "*.razor", all).Take(MaxFiles))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (File.ReadAllText(file).Contains(Tag, StringComparison.OrdinalIgnoreCase))
                {
                    Log.TagInComponent(logger, Path.GetRelativePath(environment.ContentRootPath, file));
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.ComponentsNotChecked(logger, e);
        }
    }
}
