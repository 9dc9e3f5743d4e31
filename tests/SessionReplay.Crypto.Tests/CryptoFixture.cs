using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SessionReplay.Keys;
using SessionReplay.Testing;

namespace SessionReplay.Crypto.Tests;

/// <summary>The package as an application gets it, on a key ring in a temp folder.</summary>
internal sealed class CryptoFixture : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ServiceProvider _provider;

    public CryptoFixture(Action<CryptoOptions>? configure = null, MemoryKeyStore? store = null, string? ringPath = null)
    {
        Store = store ?? new();
        RingPath = ringPath ?? _folder.File("ring/key-ring.json");
        var builder = new TestBuilder();
        builder.Services.AddSingleton<TimeProvider>(Clock);
        builder.Services.AddSingleton<IKeyStore>(Store);
        builder.Services.AddSingleton<IKeyRotationStore>(Store);
        builder.AddCrypto(configure).AddLocalKeyRing(o => o.Path = RingPath);
        _provider = builder.Services.BuildServiceProvider();
    }

    public FakeTimeProvider Clock { get; } = new(
        DateTimeOffset.Parse("2026-01-02T03:04:05.678Z", System.Globalization.CultureInfo.InvariantCulture));

    public MemoryKeyStore Store { get; }

    public string RingPath { get; }

    public ISessionCipherProvider Sessions => Get<ISessionCipherProvider>();

    public ITenantCipherProvider Tenants => Get<ITenantCipherProvider>();

    public static SessionRef NewSession(string tenant = "shop") => new(new(tenant), SessionId.Create(TimeProvider.System));

    public T Get<T>()
        where T : notnull => _provider.GetRequiredService<T>();

    public static byte[] Seal(ISessionCipher cipher, SessionRef session, byte[] payload, uint seq = 3) =>
        Seal(cipher, Header(session, cipher.SessionStarted, payload, seq), payload);

    public static byte[] Seal(ISessionCipher cipher, ChunkHeader header, byte[] payload)
    {
        var chunk = new byte[header.ChunkLength];
        cipher.Seal(header, payload, chunk);
        return chunk;
    }

    public static ChunkHeader Header(SessionRef session, long started, byte[] payload, uint seq = 3) => new()
    {
        Id = new(session.Tenant, session.Session, WindowId.Create(TimeProvider.System), seq),
        Compression = ChunkCompression.Gzip,
        Flags = ChunkFlags.FullSnapshot,
        EventCount = 7,
        FirstTime = 1_000,
        LastTime = 2_000,
        SessionStarted = started,
        BatchLength = (uint)payload.Length,
        PayloadLength = (uint)payload.Length,
    };

    public void Dispose()
    {
        _provider.Dispose();
        _folder.Dispose();
    }
}
