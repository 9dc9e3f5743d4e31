using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SessionReplay.AspNetCore.Ingest;
using SessionReplay.Ingest;

namespace SessionReplay.AspNetCore;

/// <summary>
/// Fails the start of a process that could record nothing, or whose settings do not fit the application, and says what to change; warns of
/// settings that change nothing.
/// </summary>
internal sealed class StartupCheck(
    IOptions<SessionReplayOptions> options, SettingsPath root, UnusedSettings unused, IWriteKeyStore writeKeys, PlaybackCheck playback,
    ILogger<StartupCheck> logger)
    : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var setting in unused.FindWarnings())
        {
            Log.SettingUnused(logger, setting);
        }

        List<string> failures = [.. unused.FindErrors()];
        var roles = options.Value.Roles;
        if (roles.HasFlag(SessionReplayRoles.Ingest) && writeKeys is ConfiguredWriteKeyStore { Count: 0 })
        {
            failures.Add(
                $"'{root.Value}:Tenants' holds no write key, so no page could be recorded. Add to appsettings.json: "
                + $$"""
                "{{root.Value}}": { "Tenants": [ { "Id": "app", "WriteKeys": [ { "Key": "{{WriteKeyText.Create()}}" } ] } ] }
                """);
        }

        if (roles.HasFlag(SessionReplayRoles.Playback))
        {
            failures.AddRange(await playback.FindErrorsAsync(cancellationToken).ConfigureAwait(false));
        }

        if (failures.Count > 0)
        {
            throw new OptionsValidationException(Options.DefaultName, typeof(SessionReplayOptions), failures);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
