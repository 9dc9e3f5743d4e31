using Microsoft.Extensions.Configuration;
using SessionReplay;
using SessionReplay.Crypto.KeyRing;

[assembly: SessionReplayAdapter("KeyManagement", "Local", typeof(LocalKeyRingAdapter))]

namespace SessionReplay.Crypto.KeyRing;

/// <summary>Adds the local key ring when the configuration names it.</summary>
internal sealed class LocalKeyRingAdapter : ISessionReplayAdapter
{
    public void Configure(ISessionReplayBuilder builder, IConfigurationSection section)
    {
        builder.Services.AddOptionsPath<LocalKeyRingOptions>(section);
        builder.AddLocalKeyRing(options => section.Bind(options));
    }
}
