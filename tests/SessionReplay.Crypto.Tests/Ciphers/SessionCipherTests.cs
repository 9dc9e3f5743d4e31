using System.Security.Cryptography;
using SessionReplay.Format;
using SessionReplay.Keys;
using SessionReplay.Testing;

namespace SessionReplay.Crypto.Tests.Ciphers;

public sealed class SessionCipherTests : IDisposable
{
    private readonly CryptoFixture _crypto = new();
    private readonly SessionRef _session = CryptoFixture.NewSession();
    private readonly byte[] _payload = RandomNumberGenerator.GetBytes(300);

    public void Dispose() => _crypto.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    public async Task Open_SealedChunk_GivesPayloadAndHeader(int size)
    {
        using var cipher = await _crypto.Sessions.GetOrCreateAsync(_session, Upload.Secret, default);
        var payload = RandomNumberGenerator.GetBytes(size);
        var header = CryptoFixture.Header(_session, cipher.SessionStarted, payload);
        var chunk = CryptoFixture.Seal(cipher, header, payload);
        var opened = new byte[size];

        Assert.Equal(header, cipher.Open(header.Id, chunk, opened));
        Assert.Equal(payload, opened);
    }

    [Fact]
    public async Task Seal_PayloadAlreadyInPlace_GivesTheSameAsACopy()
    {
        using var cipher = await _crypto.Sessions.GetOrCreateAsync(_session, Upload.Secret, default);
        var header = CryptoFixture.Header(_session, cipher.SessionStarted, _payload);
        var chunk = new byte[header.ChunkLength];
        _payload.CopyTo(chunk.AsSpan(ChunkHeader.Size));

        cipher.Seal(header, chunk.AsSpan(ChunkHeader.Size, _payload.Length), chunk);

        var opened = new byte[_payload.Length];
        cipher.Open(header.Id, chunk, opened);
        Assert.Equal(_payload, opened);
    }

    [Fact]
    public async Task Seal_SameChunkTwice_HasAnotherNonceEachTime()
    {
        using var cipher = await _crypto.Sessions.GetOrCreateAsync(_session, Upload.Secret, default);
        var header = CryptoFixture.Header(_session, cipher.SessionStarted, _payload);
        var nonces = Enumerable.Range(0, 20)
            .Select(_ => Convert.ToHexString(ChunkHeaderCodec.NonceOf(CryptoFixture.Seal(cipher, header, _payload))));
        Assert.Equal(20, nonces.Distinct().Count());
    }

    [Fact]
    public async Task Open_SpaceOfAnotherLengthThanThePayload_IsRejected()
    {
        using var cipher = await _crypto.Sessions.GetOrCreateAsync(_session, Upload.Secret, default);
        var chunk = CryptoFixture.Seal(cipher, _session, _payload);
        var id = ChunkHeaderCodec.Read(chunk).Id;
        foreach (var space in new[] { _payload.Length - 1, _payload.Length + 1 })
        {
            var error = Assert.Throws<FormatRejectedException>(() => cipher.Open(id, chunk, new byte[space]));
            Assert.Equal("C1", error.Rule);
        }
    }

    [Fact]
    public async Task Open_CutAtEveryLength_IsRejected()
    {
        using var cipher = await _crypto.Sessions.GetOrCreateAsync(_session, Upload.Secret, default);
        var chunk = CryptoFixture.Seal(cipher, _session, _payload);
        var id = ChunkHeaderCodec.Read(chunk).Id;

        for (var length = 0; length < chunk.Length; length++)
        {
            AssertRejected(cipher, id, chunk[..length], "C1");
        }

        AssertRejected(cipher, id, [.. chunk, 0], "C1");
    }

    [Fact]
    public async Task Open_AnyBitFlipped_IsRejectedAndReleasesNothing()
    {
        using var cipher = await _crypto.Sessions.GetOrCreateAsync(_session, Upload.Secret, default);
        var chunk = CryptoFixture.Seal(cipher, _session, _payload);
        var id = ChunkHeaderCodec.Read(chunk).Id;

        for (var at = 0; at < chunk.Length; at++)
        {
            for (var bit = 0; bit < 8; bit += at < ChunkHeader.Size ? 1 : 7)
            {
                var changed = (byte[])chunk.Clone();
                changed[at] ^= (byte)(1 << bit);
                AssertRejected(cipher, id, changed);
            }
        }
    }

    [Fact]
    public async Task Open_OtherChunkThanAskedFor_IsRejected()
    {
        using var cipher = await _crypto.Sessions.GetOrCreateAsync(_session, Upload.Secret, default);
        var chunk = CryptoFixture.Seal(cipher, _session, _payload);
        var id = ChunkHeaderCodec.Read(chunk).Id;

        AssertRejected(cipher, id with { Seq = id.Seq + 1 }, chunk, "C4");
        AssertRejected(cipher, id with { Window = WindowId.Create(TimeProvider.System) }, chunk, "C4");
        AssertRejected(cipher, id with { Tenant = new("blog") }, chunk, "C4");
    }

    [Fact]
    public async Task Open_ChunkOfAnotherSessionOrTenant_IsRejectedByCommitment()
    {
        var other = CryptoFixture.NewSession("blog");
        using var cipher = await _crypto.Sessions.GetOrCreateAsync(_session, Upload.Secret, default);
        using var otherCipher = await _crypto.Sessions.GetOrCreateAsync(other, Upload.Secret, default);
        var chunk = CryptoFixture.Seal(otherCipher, other, _payload);
        var own = CryptoFixture.Seal(cipher, _session, _payload);
        var id = ChunkHeaderCodec.Read(own).Id;
        AssertRejected(cipher, ChunkHeaderCodec.Read(chunk).Id, chunk, "C4");

        // The other's ciphertext under our own header: the commitment, then the tag find it.
        byte[] moved = [.. own.AsSpan(0, 132), .. chunk.AsSpan(132)];
        AssertRejected(cipher, id, moved, "C5");
        byte[] relabelled = [.. own.AsSpan(0, ChunkHeader.Size), .. chunk.AsSpan(ChunkHeader.Size)];
        AssertRejected(cipher, id, relabelled, "C6");
    }

    [Fact]
    public async Task Seal_HeaderOfAnotherSessionOrLength_Throws()
    {
        using var cipher = await _crypto.Sessions.GetOrCreateAsync(_session, Upload.Secret, default);
        var header = CryptoFixture.Header(_session, cipher.SessionStarted, _payload);
        var chunk = new byte[header.ChunkLength];

        Assert.Throws<ArgumentException>(() => cipher.Seal(header with { Id = header.Id with { Tenant = new("blog") } }, _payload, chunk));
        Assert.Throws<ArgumentException>(() => cipher.Seal(header with { SessionStarted = 1 }, _payload, chunk));
        Assert.Throws<ArgumentException>(() => cipher.Seal(header with { PayloadLength = 1 }, _payload, chunk));
        Assert.Throws<ArgumentException>(() => cipher.Seal(header, _payload, new byte[header.ChunkLength + 1]));
    }

    [Fact]
    public async Task SealAndOpen_SteadyState_AllocateNothing()
    {
        using var cipher = await _crypto.Sessions.GetOrCreateAsync(_session, Upload.Secret, default);
        var header = CryptoFixture.Header(_session, cipher.SessionStarted, _payload);
        var chunk = new byte[header.ChunkLength];
        var opened = new byte[_payload.Length];
        for (var i = 0; i < 100; i++)
        {
            Round();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            Round();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Round()
        {
            cipher.Seal(header, _payload, chunk);
            cipher.Open(header.Id, chunk, opened);
        }
    }

    [Fact]
    public async Task SealAndOpen_ManyThreads_AllRoundTrip()
    {
        using var cipher = await _crypto.Sessions.GetOrCreateAsync(_session, Upload.Secret, default);

        await Parallel.ForAsync(0, 500, (i, _) =>
        {
            var payload = RandomNumberGenerator.GetBytes(i);
            var chunk = CryptoFixture.Seal(cipher, _session, payload, (uint)i);
            var opened = new byte[i];
            cipher.Open(ChunkHeaderCodec.Read(chunk).Id, chunk, opened);
            Assert.Equal(payload, opened);
            return ValueTask.CompletedTask;
        });
    }

    private static void AssertRejected(ISessionCipher cipher, ChunkId id, byte[] chunk, string? rule = null)
    {
        var payload = new byte[Math.Max(0, chunk.Length - ChunkHeader.Size - ChunkHeader.TagSize)];
        var error = Assert.Throws<FormatRejectedException>(() => cipher.Open(id, chunk, payload));
        if (rule is not null)
        {
            Assert.Equal(rule, error.Rule);
        }

        Assert.All(payload, b => Assert.Equal(0, b));
    }
}
