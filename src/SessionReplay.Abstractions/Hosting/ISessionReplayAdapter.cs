using Microsoft.Extensions.Configuration;

namespace SessionReplay;

/// <summary>Registers an adapter that was chosen by configuration. Implementations have a parameterless constructor.</summary>
public interface ISessionReplayAdapter
{
    /// <summary>Registers the adapter's services, options and health check.</summary>
    /// <param name="builder">Takes the registrations.</param>
    /// <param name="section">The adapter's own section, for instance <c>SessionReplay:Storage:S3</c>.</param>
    void Configure(ISessionReplayBuilder builder, IConfigurationSection section);
}
