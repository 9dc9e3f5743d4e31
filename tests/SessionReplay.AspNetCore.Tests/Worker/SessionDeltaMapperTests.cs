using SessionReplay.AspNetCore.Worker;
using SessionReplay.Format;
using SessionReplay.Wire;

namespace SessionReplay.AspNetCore.Tests.Worker;

public sealed class SessionDeltaMapperTests
{
    /// <summary>The page tells it as it likes: a sum that has become negative would hide what was lost.</summary>
    [Theory]
    [InlineData(2u, 2)]
    [InlineData(0x8000_0000u, int.MaxValue)]
    [InlineData(uint.MaxValue, int.MaxValue)]
    public void Map_LostEvents_AreNeverNegative(uint told, int expected)
    {
        var chunk = new ChunkHeader
        {
            Id = new(new("shop"), SessionId.Create(TimeProvider.System), WindowId.Create(TimeProvider.System), 0),
            Compression = ChunkCompression.Gzip,
            Flags = ChunkFlags.None,
            EventCount = 1,
            FirstTime = 1,
            LastTime = 1,
            SessionStarted = 1,
            BatchLength = 1,
            PayloadLength = 1,
        };

        var delta = SessionDeltaMapper.Map(new ChunkFacts { LostEvents = told }, chunk, protector: null!);

        Assert.Equal(expected, delta.LostEvents);
    }
}
