namespace SessionReplay.Format.Tests;

/// <summary>Headers and the index come back as they were written, for many values from one seed.</summary>
public sealed class HeaderTests
{
    private readonly Random _random = new(20260102);

    // The end of the year 9999.
    private const long MaxTime = 253_402_300_799_999;

    [Fact]
    public void ChunkHeader_RandomValues_ComesBack()
    {
        for (var i = 0; i < 500; i++)
        {
            var header = Chunk();
            var (nonce, commitment) = (Bytes(12), Bytes(16));
            var written = Bytes(ChunkHeader.Size);
            header.Write(written, nonce, commitment);

            Assert.Equal(header, ChunkHeaderCodec.Read(written));
            Assert.Equal(header, ChunkHeaderCodec.Read(written, header.Id.Tenant));
            Assert.Equal(nonce, ChunkHeaderCodec.NonceOf(written).ToArray());
            Assert.Equal(commitment, ChunkHeaderCodec.CommitmentOf(written).ToArray());
        }
    }

    [Fact]
    public void AssetHeader_RandomValues_ComesBack()
    {
        for (var i = 0; i < 500; i++)
        {
            var header = new AssetHeader
            {
                Tenant = Tenant(),
                Hash = ContentHash.FromBytes(Bytes(32)),
                Compression = (ChunkCompression)_random.Next(2),
                MediaType = (AssetMediaType)_random.Next(1, 9),
                ContentLength = (uint)_random.NextInt64(uint.MaxValue),
                PayloadLength = (uint)_random.NextInt64(uint.MaxValue),
            };
            var written = Bytes(AssetHeader.Size);
            var (nonce, commitment) = (Bytes(12), Bytes(16));
            header.Write(written, nonce, commitment);
            Assert.Equal(header, AssetHeaderCodec.Read(written));
            Assert.Equal(nonce, AssetHeaderCodec.NonceOf(written).ToArray());
            Assert.Equal(commitment, AssetHeaderCodec.CommitmentOf(written).ToArray());
        }
    }

    [Fact]
    public void QueueMessageHeader_RandomValues_ComesBack()
    {
        for (var i = 0; i < 500; i++)
        {
            var header = new QueueMessageHeader
            {
                IsClaimCheck = _random.Next(2) == 1, ReceivedAt = Time(), EntryLength = _random.Next(500), BodyLength = _random.Next(5_000),
            };
            var message = new byte[header.MessageLength];
            header.WritePrefix(message);
            Assert.Equal(header, QueueMessageHeader.Read(message));
            Assert.Equal("Q1", Assert.Throws<FormatRejectedException>(() => QueueMessageHeader.Read([.. message, 0])).Rule);
        }
    }

    [Fact]
    public void RecordingIndex_RandomEntries_ComesBack()
    {
        for (var count = 0; count < 60; count++)
        {
            long next = RecordingIndex.HeaderSize;
            var entries = new List<RecordingIndexEntry>();
            var chunks = Enumerable.Range(0, count).Select(_ => Chunk()).OrderBy(c => c.Id.Window.ToString(), StringComparer.Ordinal)
                .ToList();
            foreach (var chunk in chunks)
            {
                entries.Add(
                    new(chunk.Id.Window, chunk.Id.Seq, chunk.Flags, next, (uint)chunk.ChunkLength, chunk.EventCount, chunk.FirstTime));
                next += (uint)chunk.ChunkLength;
                RecordingIndex.CheckChunk(entries[^1], chunk);
                Assert.Equal(
                    "R4", Assert.Throws<FormatRejectedException>(
                        () => RecordingIndex.CheckChunk(entries[^1], chunk with { EventCount = chunk.EventCount + 1 })).Rule);
            }

            var tail = RecordingIndex.CreateTail(entries);
            Assert.Equal(entries, RecordingIndex.ReadTail(tail, next + tail.Length));
            Assert.Equal("R2", Assert.Throws<FormatRejectedException>(() => RecordingIndex.ReadTail(tail, next + tail.Length + 1)).Rule);
        }
    }

    [Fact]
    public void RecordingIndex_EntriesThatOverlapOrAreOutOfOrder_AreNotWritten()
    {
        var (first, second) = (Chunk(), Chunk());
        RecordingIndexEntry Entry(ChunkHeader chunk, uint seq, long offset) =>
            new(first.Id.Window, seq, chunk.Flags, offset, 200, chunk.EventCount, chunk.FirstTime);
        RecordingIndex.CreateTail([Entry(first, 1, 16), Entry(second, 2, 216)]);
        foreach (var entries in new[]
        {
            new[] { Entry(first, 2, 16), Entry(second, 1, 216) }, [Entry(first, 1, 16), Entry(second, 1, 216)],
            [Entry(first, 1, 16), Entry(second, 2, 215)], [Entry(first, 1, 15), Entry(second, 2, 216)],
        })
        {
            Assert.Equal("R3", Assert.Throws<FormatRejectedException>(() => RecordingIndex.CreateTail(entries)).Rule);
        }
    }

    private ChunkHeader Chunk() => new()
    {
        Id = new(Tenant(), new(Guid.CreateVersion7()), new(Guid.CreateVersion7()), (uint)_random.NextInt64(uint.MaxValue)),
        Compression = (ChunkCompression)_random.Next(2),
        Flags = (ChunkFlags)_random.Next(8),
        EventCount = (uint)_random.NextInt64(uint.MaxValue),
        FirstTime = _random.NextInt64(MaxTime / 2),
        LastTime = _random.NextInt64(MaxTime / 2, MaxTime + 1),
        SessionStarted = Time(),
        BatchLength = (uint)_random.NextInt64(uint.MaxValue),
        PayloadLength = (uint)_random.Next(),
        Digest = BatchDigest.Read(Bytes(BatchDigest.Size)),
    };

    private TenantId Tenant() => new("a" + new string(_random.GetItems("abcxyz0189-_".AsSpan(), _random.Next(TenantId.MaxLength))));

    private long Time() => _random.NextInt64(MaxTime + 1);

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }
}
