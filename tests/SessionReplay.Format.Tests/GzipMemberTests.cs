using System.IO.Compression;

namespace SessionReplay.Format.Tests;

public sealed class GzipMemberTests : IDisposable
{
    private const int Limit = 1_000_000;

    private readonly CountingPool _memory = new();

    private static readonly byte[] Content = [.. Enumerable.Range(0, 50_000).Select(i => (byte)(i * i >> 3))];

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Fastest)]
    [InlineData(CompressionLevel.Optimal)]
    [InlineData(CompressionLevel.SmallestSize)]
    public void Decompress_OneMember_GivesTheContent(CompressionLevel level)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, level))
        {
            gzip.Write(Content);
        }

        AssertContent(stream.ToArray());
    }

    [Fact]
    public void Decompress_OwnCompression_GivesTheContent()
    {
        using var member = GzipMember.Compress(Content, _memory);
        AssertContent(member.WrittenMemory.ToArray());
        Assert.Equal(Content, BatchSamples.Gunzip(member.WrittenMemory.ToArray()));
    }

    [Fact]
    public void Decompress_HeaderWithNameCommentExtraAndChecksum_GivesTheContent()
    {
        var member = BatchSamples.Gzip(Content);
        byte[] header = [0x1F, 0x8B, 8, 0b11110, 0, 0, 0, 0, 0, 3, 2, 0, 9, 9, .. "name\0comment\0"u8, 1, 2];
        AssertContent([.. header, .. member[10..]]);
    }

    [Theory]
    [InlineData(0b00100, new byte[] { 0xFF, 0xFF })]
    [InlineData(0b01000, new byte[] { 1, 1, 1 })]
    [InlineData(0b10000, new byte[] { 1, 1, 1 })]
    [InlineData(0b11000, new byte[] { 1, 0, 1 })]
    public void Decompress_HeaderThatDoesNotEnd_IsB9(byte flags, byte[] more)
    {
        byte[] member = [0x1F, 0x8B, 8, flags, 0, 0, 0, 0, 0, 3, .. more, .. Enumerable.Repeat((byte)1, 20)];
        Assert.Equal(
            "B9", Assert.Throws<FormatRejectedException>(() => GzipMember.Decompress(member, Limit, _memory).Dispose()).Rule);
    }

    [Fact]
    public void Decompress_TruncatedAtAnyLength_IsB9()
    {
        var member = BatchSamples.Gzip(Content);
        for (var length = 2; length < member.Length; length += length < 40 || length > member.Length - 40 ? 1 : 97)
        {
            AssertRefused(member[..length]);
        }
    }

    [Fact]
    public void Decompress_BytesBehind_IsB9()
    {
        var member = BatchSamples.Gzip(Content);
        AssertRefused([.. member, 0]);
        AssertRefused([.. member, .. member]);

        // Bytes between the compressed data and a trailer that is right.
        AssertRefused([.. member[..^8], 1, 2, 3, .. member[^8..]]);
        AssertRefused([.. member[..^8], .. new byte[10_000], .. member[^8..]]);
    }

    [Fact]
    public void Decompress_WithoutFinalBlock_IsB9()
    {
        // A stored block that is not marked as the last, with a right trailer.
        byte[] content = [1, 2, 3];
        var trailer = BatchSamples.Gzip(content)[^8..];
        AssertRefused([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0, 3, 0, 0xFC, 0xFF, .. content, .. trailer]);
        using var whole = GzipMember.Decompress(
            new byte[] { 0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1, 3, 0, 0xFC, 0xFF, 1, 2, 3 }.Concat(trailer).ToArray(), Limit, _memory);
        Assert.Equal(content, whole.WrittenSpan.ToArray());
    }

    [Fact]
    public void Decompress_WrongChecksumOrSize_IsB9()
    {
        var member = BatchSamples.Gzip(Content);
        foreach (var at in new[] { 8, 5, 4, 1 })
        {
            var damaged = member.ToArray();
            damaged[^at] ^= 1;
            AssertRefused(damaged);
        }
    }

    [Fact]
    public void Decompress_EveryByteChanged_IsB9OrTheContent()
    {
        var member = BatchSamples.Gzip(Content);
        for (var i = 2; i < member.Length; i += i < 100 ? 1 : 31)
        {
            var damaged = member.ToArray();
            damaged[i] ^= 0x55;
            try
            {
                using var content = GzipMember.Decompress(damaged, Limit, _memory);
                Assert.Equal(Content, content.WrittenSpan.ToArray());
            }
            catch (FormatRejectedException e)
            {
                Assert.Equal("B9", e.Rule);
            }
        }
    }

    [Fact]
    public void Decompress_Bomb_IsB9()
    {
        AssertRefused(BatchSamples.Gzip(new byte[Limit + 1]));
        AssertRefused(BatchSamples.Gzip(new byte[200 * Limit]));
        using var content = GzipMember.Decompress(BatchSamples.Gzip(new byte[Limit]), Limit, _memory);
        Assert.Equal(Limit, content.Length);
    }

    /// <summary>
    /// Above what is free, a member may expand to so many times its size: the work it causes is bounded by what it cost its sender.
    /// </summary>
    [Theory]
    [InlineData(GzipMember.FreeExpansion, true)]
    [InlineData(GzipMember.FreeExpansion + 1, false)]
    [InlineData(60 * 1024 * 1024, false)]
    public void Decompress_ManyTimesItsSize_IsB9(int length, bool taken)
    {
        var member = BatchSamples.Gzip(new byte[length]);
        var e = Record.Exception(() => GzipMember.Decompress(member, 64 * 1024 * 1024, _memory).Dispose());
        Assert.Equal(taken ? null : "B9", (e as FormatRejectedException)?.Rule);
    }

    [Fact]
    public void Decompress_ClaimsLessThanItExpandsTo_IsB9AndStopsThere()
    {
        var member = BatchSamples.Gzip(new byte[60 * 1024 * 1024]);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(member.AsSpan(member.Length - 4), 1_000);
        AssertRefused(member);
    }

    [Fact]
    public void Crc32_CheckValue_IsThatOfTheStandard() => Assert.Equal(0xCBF43926, System.IO.Hashing.Crc32.HashToUInt32("123456789"u8));

    public void Dispose() => Assert.Equal(0, _memory.Rented);

    private void AssertContent(byte[] member)
    {
        using var content = GzipMember.Decompress(member, Limit, _memory);
        Assert.Equal(Content, content.WrittenSpan.ToArray());
    }

    private void AssertRefused(byte[] member) =>
        Assert.Equal("B9", Assert.Throws<FormatRejectedException>(() => GzipMember.Decompress(member, Limit, _memory)).Rule);
}
