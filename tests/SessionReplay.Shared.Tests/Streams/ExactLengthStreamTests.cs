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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Dispose_ClientFindsAnotherChecksum_ThrowsNothingAndDisposesTheOwner(bool isAsync)
    {
        var owner = new MemoryStream();
        var stream = new ExactLengthStream(new CheckedStream(), 0, owner);
        if (isAsync)
        {
            await stream.DisposeAsync();
        }
        else
        {
            stream.Dispose();
        }

        Assert.False(owner.CanRead);
    }

    /// <summary>Fails when it is closed, as a download of the AWS SDK does.</summary>
    private sealed class CheckedStream : MemoryStream
    {
        protected override void Dispose(bool disposing) => throw new InvalidOperationException("Expected hash not equal to calculated hash");
    }
}
