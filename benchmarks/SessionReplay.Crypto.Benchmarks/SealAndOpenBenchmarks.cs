using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using SessionReplay.Crypto.Ciphers;
using SessionReplay.Format;

namespace SessionReplay.Crypto.Benchmarks;

/// <summary>What a chunk costs above AES-256-GCM itself: header, commitment, nonce and lock.</summary>
[MemoryDiagnoser]
public class SealAndOpenBenchmarks : IDisposable
{
    private readonly byte[] _nonce = new byte[ChunkHeaderCodec.NonceSize];
    private readonly byte[] _tag = new byte[ChunkHeader.TagSize];
    private byte[] _payload = [];
    private byte[] _ciphertext = [];
    private byte[] _opened = [];
    private byte[] _chunk = [];
    private ChunkHeader _header;
    private AesGcm? _bare;
    private SessionCipher? _cipher;

    [Params(16 * 1024, 256 * 1024)]
    public int Bytes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var key = RandomNumberGenerator.GetBytes(32);
        var session = new SessionRef(new("shop"), SessionId.Create(TimeProvider.System));
        _payload = RandomNumberGenerator.GetBytes(Bytes);
        _ciphertext = new byte[Bytes];
        _opened = new byte[Bytes];
        _bare = new AesGcm(key, ChunkHeader.TagSize);
        _cipher = new SessionCipher(session, 1_767_323_040_000, default, key);
        _header = new()
        {
            Id = new(session.Tenant, session.Session, WindowId.Create(TimeProvider.System), 1),
            Compression = ChunkCompression.Gzip,
            Flags = ChunkFlags.None,
            EventCount = 50,
            FirstTime = 1_767_323_045_000,
            LastTime = 1_767_323_050_000,
            SessionStarted = _cipher.SessionStarted,
            BatchLength = (uint)Bytes * 8,
            PayloadLength = (uint)Bytes,
        };
        _chunk = new byte[_header.ChunkLength];
    }

    [Benchmark(Baseline = true)]
    public void BareAesGcm()
    {
        _bare!.Encrypt(_nonce, _payload, _ciphertext, _tag);
        _bare.Decrypt(_nonce, _ciphertext, _tag, _opened);
    }

    [Benchmark]
    public void SealAndOpenChunk()
    {
        _cipher!.Seal(_header, _payload, _chunk);
        _cipher.Open(_header.Id, _chunk, _opened);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _bare?.Dispose();
        _cipher?.Dispose();
        GC.SuppressFinalize(this);
    }
}
