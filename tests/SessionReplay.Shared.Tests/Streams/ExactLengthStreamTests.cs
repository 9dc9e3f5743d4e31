using SessionReplay.Streams;

namespace SessionReplay.Shared.Tests.Streams;

public sealed class ExactLengthStreamTests
{
    [Fact]
    public async Task Read_LongerSource_EndsAtTheLength()
    {
        await using var stream = new ExactLengthStream(new MemoryStream(new byte[100]), 60);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        Assert.Equal((60L, 60L, 60L), (copy.Length, stream.Length, stream.Position));
    }

    [Fact]
    public async Task Read_SourceEndsEarly_Throws()
    {
        await using var stream = new ExactLengthStream(new MemoryStream(new byte[59]), 60);
        await Assert.ThrowsAsync<EndOfStreamException>(() => stream.CopyToAsync(Stream.Null));
    }

    [Fact]
    public void Read_Disposed_DisposesSourceAndOwner()
    {
        var inner = new MemoryStream();
        var owner = new MemoryStream();
        new ExactLengthStream(inner, 0, owner).Dispose();
        Assert.False(inner.CanRead);
        Assert.False(owner.CanRead);
    }
}
