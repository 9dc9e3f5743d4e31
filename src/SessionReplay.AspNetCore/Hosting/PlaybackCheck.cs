using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SessionReplay.AspNetCore.Playback;
using SessionReplay.Storage;

namespace SessionReplay.AspNetCore;

/// <summary>Finds settings of playback that do not fit the application: policies it does not have, its own host as the replay's.</summary>
internal sealed class PlaybackCheck(
    IOptions<SessionReplayOptions> options, SettingsPath root, IServiceScopeFactory scopes, IConfiguration configuration,
    ILogger<PlaybackCheck> logger)
{
    public async Task<IReadOnlyList<string>> FindErrorsAsync(CancellationToken cancellationToken)
    {
        var failures = new List<string>();
        await CheckPoliciesAsync(options.Value.Playback, failures).ConfigureAwait(false);
        CheckReplayOrigin(options.Value.Playback, failures);
        await CheckDeliveryAsync(failures, cancellationToken).ConfigureAwait(false);
        return failures;
    }

    private async Task CheckDeliveryAsync(List<string> failures, CancellationToken cancellationToken)
    {
        var scope = scopes.CreateAsyncScope();
        await using var disposal = scope.ConfigureAwait(false);
        var direct = scope.ServiceProvider.GetRequiredService<DirectDelivery>();
        try
        {
            if (direct.IsOn && !await direct.TryFindOriginAsync(cancellationToken).ConfigureAwait(false))
            {
                failures.Add(
                    $"'{root.Value}:Playback:Delivery' is 'Direct', and the blob store cannot presign URLs: the embedded one has no server of its own, "
                    + "and others need credentials that can sign. Use S3, Gcs or AzureBlob with such credentials, or Delivery 'Application'.");
            }
        }
        catch (BlobStoreUnavailableException e)
        {
            Log.OriginUnknown(logger, e);
        }
    }

    /// <summary>
    /// On the replay's origin nothing but replays is answered for: it cannot be the only one that the process listens on.
    /// </summary>
    private void CheckReplayOrigin(PlaybackOptions playback, List<string> failures)
    {
        var hosts =
            (configuration[WebHostDefaults.ServerUrlsKey] ?? string.Empty).Split(
                ';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(static url => BindingAddress.Parse(url).Host).ToArray();
        if (playback.ReplayOrigin is { Length: > 0 } origin && hosts.Length > 0
            && Array.TrueForAll(hosts, host => host.Equals(new Uri(origin).Host, StringComparison.OrdinalIgnoreCase)))
        {
            failures.Add(
                $"'{root.Value}:Playback:ReplayOrigin' is '{origin}', the application's own host, where the console and the API would no longer answer. "
                + "Use a second host name of the application.");
        }
    }

    // An application may have a policy provider of its own, of any lifetime.
    private async Task CheckPoliciesAsync(PlaybackOptions playback, List<string> failures)
    {
        (string Name, string? Policy)[] settings =
        [
            (nameof(playback.ViewPolicy), playback.ViewPolicy),
            (nameof(playback.DeletePolicy), playback.DeletePolicy),
            (nameof(playback.AuditPolicy), playback.AuditPolicy),
            (nameof(playback.OperatePolicy), playback.OperatePolicy),
        ];
        var scope = scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            var policies = scope.ServiceProvider.GetService<IAuthorizationPolicyProvider>();
            foreach (var (name, policy) in settings)
            {
                if (policy is { Length: > 0 } && (policies is null || await policies.GetPolicyAsync(policy).ConfigureAwait(false) is null))
                {
                    failures.Add(
                        $"'{root.Value}:Playback:{name}' is '{policy}', and the application has no such policy. "
                        + "Correct the name, or add the policy with builder.Services.AddAuthorization(...).");
                }
            }
        }
    }
}
