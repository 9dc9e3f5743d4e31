using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using SessionReplay.Crypto.Ciphers;

namespace SessionReplay.Crypto.Benchmarks;

/// <summary>
/// What one derived key per chunk would add to each sealing and each opening (docs/adr/0002-one-derived-key-per-session.md).
/// </summary>
[MemoryDiagnoser]
public class KeyDerivationBenchmarks
{
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly SessionRef _session = new(new("shop"), SessionId.Create(TimeProvider.System));

    [Benchmark]
    public void DeriveKeyAndMakeCipher() => new SessionCipher(_session, 0, default, _key).Dispose();
}
