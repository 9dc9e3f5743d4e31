using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SessionReplay.AspNetCore.Ingest;
using SessionReplay.Ingest;

namespace SessionReplay.AspNetCore;

/// <summary>Stops the start of a process that could record nothing, and says what to add; tells what the configuration says in vain.</summary>
internal sealed class StartupCheck(
    IOptions<SessionReplayOptions> options, SettingsPath root, UnusedSettings unused, IWriteKeyStore writeKeys, ILogger<StartupCheck> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var setting in unused.Find())
        {
            Log.SettingUnused(logger, setting);
        }

        if (options.Value.Roles.HasFlag(SessionReplayRoles.Ingest) && writeKeys is ConfiguredWriteKeyStore { Count: 0 })
        {
            throw new OptionsValidationException(
                Options.DefaultName,
                typeof(SessionReplayOptions),
                [
                    $"'{root.Value}:Tenants' holds no write key, so no page could be recorded. Add to appsettings.json: "
                    + $$"""
                    "{{root.Value}}": { "Tenants": [ { "Id": "app", "WriteKeys": [ { "Key": "{{WriteKeyText.Create()}}" } ] } ] }
                    """,
                ]);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
