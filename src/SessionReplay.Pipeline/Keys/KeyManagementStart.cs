using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SessionReplay.Keys;

namespace SessionReplay.Pipeline.Keys;

/// <summary>
/// Tries the key management at the start. The application starts nevertheless: its pages do not depend on their recording.
/// </summary>
internal sealed class KeyManagementStart(KeyManagementProbe probe, ILogger<KeyManagementStart> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await probe.CheckAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is KeyManagementException or KeyStoreUnavailableException)
        {
            Log.KeysUnusable(logger, e.Message);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
