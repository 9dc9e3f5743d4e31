using System.Buffers;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace SessionReplay.AspNetCore;

/// <summary>Checks the settings at start-up; every error names the path in the configuration.</summary>
[OptionsValidator]
internal sealed partial class SessionReplayOptionsValidator(SettingsPath root) : IValidateOptions<SessionReplayOptions>
{
    private static readonly SearchValues<char> KeyCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

    ValidateOptionsResult IValidateOptions<SessionReplayOptions>.Validate(string? name, SessionReplayOptions options)
    {
        var failures = new List<string>();
        if ((options.Roles & ~SessionReplayRoles.All) != 0 || options.Roles == SessionReplayRoles.None)
        {
            failures.Add($"'{root.Value}:Roles' is {options.Roles}; {RolesText.Usage}.");
        }

        if (options.Playback.ReplayOrigin is { Length: > 0 } origin && (origin == "*" || !WriteKeyText.IsOrigin(origin)))
        {
            failures.Add(
                $"'{root.Value}:Playback:ReplayOrigin' is '{origin}'; use scheme, host and port without a path, for instance 'https://replay.example.com'.");
        }

        if (options.Playback.EdgeAddress is { Length: > 0 } edge && !IsEdgeAddress(edge))
        {
            failures.Add(
                $"'{root.Value}:Playback:EdgeAddress' is '{edge}'; use an https URL without a query, for instance 'https://cdn.example.com/recordings'.");
        }

        var tenants = new HashSet<string>(StringComparer.Ordinal);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < options.Tenants.Count; i++)
        {
            CheckTenant(options.Tenants[i], $"{root.Value}:Tenants:{i}", tenants, keys, failures);
        }

        foreach (var (rule, pattern) in options.Sanitizing.Patterns)
        {
            CheckPattern(rule, pattern, failures);
        }

        return Validate(name, options).At<SessionReplayOptions>(root.Value, failures);
    }

    private static bool IsEdgeAddress(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url)
        && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback))
        && url.Query.Length == 0 && url.Fragment.Length == 0 && url.UserInfo.Length == 0;

    [GeneratedRegex("^[a-z0-9-]{1,24}$", RegexOptions.CultureInvariant)]
    private static partial Regex RuleName();

    private static void CheckTenant(TenantOptions tenant, string path, HashSet<string> tenants, HashSet<string> keys, List<string> failures)
    {
        if (!TenantId.TryParse(tenant.Id, out _))
        {
            failures.Add(
                $"'{path}:Id' is '{tenant.Id}'; use 1 to {TenantId.MaxLength} characters of a-z, 0-9, '-' and '_', beginning with a letter or a digit.");
        }
        else if (!tenants.Add(tenant.Id))
        {
            failures.Add($"'{path}:Id' is '{tenant.Id}', as that of another tenant; give each its own.");
        }

        if (tenant.RetentionDays is < 1 or > 3_650)
        {
            failures.Add($"'{path}:RetentionDays' is {tenant.RetentionDays}; use 1 to 3650.");
        }

        for (var i = 0; i < tenant.WriteKeys.Count; i++)
        {
            CheckKey(tenant.WriteKeys[i], $"{path}:WriteKeys:{i}", keys, failures);
        }
    }

    private static void CheckKey(WriteKeyOptions key, string path, HashSet<string> keys, List<string> failures)
    {
        if (key.Key is not { Length: >= 8 and <= 128 } || key.Key.AsSpan().ContainsAnyExcept(KeyCharacters))
        {
            failures.Add(
                $"'{path}:Key' is not a write key; use 8 to 128 letters, digits, '-', '_' and '.', for instance '{WriteKeyText.Create()}'.");
        }
        else if (!keys.Add(key.Key))
        {
            failures.Add($"'{path}:Key' is the same as another; a write key names one tenant only.");
        }

        if (key.Recorder.SampleRate is not (>= 0 and <= 1))
        {
            failures.Add($"'{path}:Recorder:SampleRate' is {key.Recorder.SampleRate}; use 0 to 1.");
        }

        for (var i = 0; i < key.Origins.Count; i++)
        {
            if (!WriteKeyText.IsOrigin(key.Origins[i]))
            {
                failures.Add(
                    $"'{path}:Origins:{i}' is '{key.Origins[i]}'; use scheme, host and port without a path, for instance 'https://shop.example', or '*'.");
            }
        }
    }

    private void CheckPattern(string rule, string pattern, List<string> failures)
    {
        var path = $"{root.Value}:Sanitizing:Patterns:{rule}";
        if (!RuleName().IsMatch(rule))
        {
            failures.Add($"'{path}' is not a rule's name; use 1 to 24 characters of a-z, 0-9 and '-'.");
        }

        try
        {
            if (new Regex(pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)).IsMatch(string.Empty))
            {
                failures.Add($"'{path}' matches an empty text; a pattern must match at least one character.");
            }
        }
        catch (ArgumentException e)
        {
            failures.Add($"'{path}' is not a regular expression: {e.Message}");
        }
    }
}
