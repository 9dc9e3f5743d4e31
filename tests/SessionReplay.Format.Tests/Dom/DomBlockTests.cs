using System.Text;

namespace SessionReplay.Format.Tests.Dom;

public sealed class DomBlockTests
{
    [Fact]
    public void EraseIntegers_MixedColumn_LeavesAllElse()
    {
        var bytes = DomEvents.Block((1, """{"data":[1,null,-300,"x",70000,0.5,true,99999999999,1790000000000]}"""), (2, """{"data":[7]}"""));
        using (var block = new DomBlock(bytes))
        {
            for (var i = 0; i < block.ColumnCount; i++)
            {
                block.EraseIntegers(i);
            }
        }

        Assert.Equal(
            ["""{"data":[0,null,0,"x",0,0.5,true,0,0]}""", """{"data":[0]}"""], DomEvents.Read(Google.Protobuf.ByteString.CopyFrom(bytes)));
    }

    [Fact]
    public void Writer_ManyEvents_SharesColumnsAndStrings()
    {
        var writer = new DomBlockWriter();
        for (var i = 0; i < 100; i++)
        {
            writer.Add(1_000 + i, Encoding.UTF8.GetBytes($$"""{"type":3,"data":{"text":"the same text","id":{{i}} },"timestamp":1}"""));
        }

        using var block = new DomBlock(writer.ToArray());
        Assert.Equal((100, 1, 0), (block.EventCount, block.StringCount, block.KeyCount));
        Assert.Equal(5, block.ColumnCount);
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("1")]
    public void Writer_NoObject_IsRefused(string json) =>
        Assert.ThrowsAny<System.Text.Json.JsonException>(() => new DomBlockWriter().Add(1, Encoding.UTF8.GetBytes(json)));
}
