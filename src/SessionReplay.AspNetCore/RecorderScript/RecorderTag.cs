using System.Globalization;
using Microsoft.Extensions.DependencyInjection;

namespace SessionReplay.AspNetCore.RecorderScript;

/// <summary>What the script tag says to the recorder; the same for MVC and Razor Pages and for Razor components.</summary>
internal sealed record RecorderTag
{
    public string? WriteKey { get; init; }

    public string? Consent { get; init; }

    public double? SampleRate { get; init; }

    public bool MaskAllText { get; init; }

    public string? UserId { get; init; }

    public string? UserEmail { get; init; }

    public string? UserName { get; init; }

    public string? AppVersion { get; init; }

    /// <summary>The attributes of the script element that have a value.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="pathBase">The path below which the application lies; empty for none.</param>
    /// <exception cref="InvalidOperationException">There is no write key, or session replay was not added.</exception>
    public IEnumerable<(string Name, string Value)> Attributes(IServiceProvider services, string pathBase)
    {
        var location = services.GetService<SessionReplayLocation>()
            ?? throw new InvalidOperationException(
                "Session replay was not added: call builder.Services.AddSessionReplay(builder.Configuration) first.");
        var endpoint = $"{pathBase}{location.Prefix}";
        (string Name, string? Value)[] all =
        [
            ("src", $"{endpoint}/recorder.js?v={RecorderScripts.Version}"),
            ("data-write-key", WriteKey ?? FirstKey(services)),
            ("data-endpoint", endpoint),
            ("data-consent", Consent),
            ("data-sample-rate", SampleRate?.ToString(CultureInfo.InvariantCulture)),
            ("data-mask-all-text", MaskAllText ? "true" : null),
            ("data-user-id", UserId),
            ("data-user-email", UserEmail),
            ("data-user-name", UserName),
            ("data-app-version", AppVersion),
        ];
        return all.Where(each => !string.IsNullOrEmpty(each.Value) || each.Name == "data-endpoint")
            .Select(each => (each.Name, each.Value!));
    }

    private static string FirstKey(IServiceProvider services) =>
        services.GetRequiredService<IReadOnlyList<TenantOptions>>().SelectMany(tenant => tenant.WriteKeys).FirstOrDefault()?.Key
        ?? throw new InvalidOperationException("The configuration holds no write key: give the recorder's tag one.");
}
