using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SessionReplay.Crypto;
using SessionReplay.Crypto.Ciphers;
using SessionReplay.Crypto.KeyRing;
using SessionReplay.Crypto.Rotation;
using SessionReplay.Keys;

namespace SessionReplay;

/// <summary>Adds sealing and opening, and the local key ring.</summary>
public static class CryptoBuilderExtensions
{
    /// <summary>
    /// Adds the ciphers of sessions, metadata and assets, and key rotation. Needs a key store and a key management service.
    /// </summary>
    /// <param name="builder">The builder that <c>AddSessionReplay</c> returned.</param>
    /// <param name="configure">Sets the options; see <see cref="CryptoOptions"/>.</param>
    /// <param name="serviceKey">The key under which the key store and the key management to use are registered; <see langword="null"/> for
    /// those without a key.</param>
    /// <returns>The builder.</returns>
    public static ISessionReplayBuilder AddCrypto(
        this ISessionReplayBuilder builder, Action<CryptoOptions>? configure = null, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddCheckedOptions(new CryptoOptionsValidator("SessionReplay:Crypto"), configure);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<CipherCache>();
        services.TryAddSingleton(provider => new CipherProvider(
            provider.GetRequiredKeyedService<IKeyStore>(serviceKey), provider.GetRequiredKeyedService<IKeyManagementService>(serviceKey),
            provider.GetRequiredService<CipherCache>(), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<ISessionCipherProvider>(static provider => provider.GetRequiredService<CipherProvider>());
        services.TryAddSingleton<ITenantCipherProvider>(static provider => provider.GetRequiredService<CipherProvider>());
        services.TryAddSingleton(provider => new KeyRotation(
            provider.GetRequiredKeyedService<IKeyManagementService>(serviceKey),
            provider.GetRequiredKeyedService<IKeyRotationStore>(serviceKey),
            provider.GetRequiredService<IKeyManagementService>() as IKeyRingRotation));
        services.TryAddSingleton(provider => new KeyStartOver(
            provider.GetRequiredKeyedService<IKeyManagementService>(serviceKey), provider.GetRequiredKeyedService<IKeyStore>(serviceKey),
            provider.GetRequiredKeyedService<IKeyRotationStore>(serviceKey),
            provider.GetRequiredService<IKeyManagementService>() as IKeyRingRotation));
        return builder;
    }

    /// <summary>Keeps key-encryption keys in a local file.</summary>
    /// <param name="builder">The builder that <c>AddSessionReplay</c> returned.</param>
    /// <param name="configure">Sets the options; see <see cref="LocalKeyRingOptions"/>.</param>
    /// <returns>The builder.</returns>
    public static ISessionReplayBuilder AddLocalKeyRing(
        this ISessionReplayBuilder builder, Action<LocalKeyRingOptions>? configure = null) =>
        builder.AddLocalKeyRing("SessionReplay:KeyManagement:Local", configure);

    internal static ISessionReplayBuilder AddLocalKeyRing(
        this ISessionReplayBuilder builder, string path, Action<LocalKeyRingOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.UseAdapter(AdapterKind.KeyManagement, services =>
        {
            services.AddCheckedOptions(new LocalKeyRingOptionsValidator(path), configure);
            services.TryAddSingleton(TimeProvider.System);
            services.TryAddSingleton<IKeyManagementService>(static provider => new LocalKeyRing(
                provider.GetRequiredService<IOptions<LocalKeyRingOptions>>(), provider.GetRequiredService<TimeProvider>(),
                provider.GetService<IKeyRotationStore>()));
        });
    }
}
