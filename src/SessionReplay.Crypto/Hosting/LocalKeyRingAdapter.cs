using Microsoft.Extensions.Configuration;
using SessionReplay;
using SessionReplay.Crypto.Hosting;

[assembly: SessionReplayAdapter(AdapterKind.KeyManagement, "Local", typeof(LocalKeyRingAdapter))]

namespace SessionReplay.Crypto.Hosting;

/// <summary>Adds the local key ring when the configuration names it.</summary>
internal sealed class LocalKeyRingAdapter : ISessionReplayAdapter
{
    public void Configure(ISessionReplayBuilder builder, IConfigurationSection section) =>
        builder.AddLocalKeyRing(section.Path, options => section.Bind(options));
}
