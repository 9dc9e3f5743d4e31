using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using SessionReplay.Crypto.Ciphers;
using SessionReplay.Format;
using SessionReplay.Keys;
using SessionReplay.Testing;

namespace SessionReplay.Crypto.Tests.Ciphers;

/// <summary>A provider with a small cache, on a key store that counts its calls.</summary>
public abstract class CipherProviderSuite : IDisposable
{
    private protected CryptoFixture Crypto { get; } = new();

    private protected FakeTimeProvider Clock { get; } = new();

    private protected CountingKeyStore Store { get; } = new(new MemoryKeyStore());

    private protected CipherCache Cache { get; }

    private protected CipherProvider Provider { get; }

    private protected SessionRef Session { get; } = CryptoFixture.NewSession();

    protected CipherProviderSuite()
    {
        Cache = new(Options.Create(new CryptoOptions { MaxCachedKeys = 16, KeyCacheTime = TimeSpan.FromMinutes(5) }), Clock);
        Provider = new(Store, Crypto.Get<IKeyManagementService>(), Cache, Clock);
    }

    public void Dispose()
    {
        Cache.Dispose();
        Crypto.Dispose();
    }

    private protected static async Task AssertGoneAsync(Func<ValueTask<ISessionCipher>> get) =>
        await Assert.ThrowsAsync<KeyDeletedException>(async () => (await get()).Dispose());

    private protected static void AssertOpens(ISessionCipher cipher, byte[] chunk)
    {
        var payload = new byte[chunk.Length - ChunkHeader.Size - ChunkHeader.TagSize];
        cipher.Open(ChunkHeaderCodec.Read(chunk).Id, chunk, payload);
        Assert.Contains(payload, b => b != 0);
    }

    private protected byte[] Seal(ISessionCipher cipher, SessionRef? session = null) =>
        CryptoFixture.Seal(cipher, session ?? Session, RandomNumberGenerator.GetBytes(64));
}
