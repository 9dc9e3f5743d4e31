using Amqp;
using Amqp.Framing;

namespace SessionReplay.Queues.AzureServiceBus.Tests;

public sealed class MessageBodyTests
{
    [Fact]
    public void Read_EveryKindOfBody_IsWhole()
    {
        byte[] bytes = [1, 2, 3, 4];
        var pieces = new DataList();
        pieces.Add(new Data { Binary = [1, 2] });
        pieces.Add(new Data { Binary = [3, 4] });
        Assert.Equal(bytes, Read(new Message { BodySection = new Data { Binary = bytes } }));
        Assert.Equal(bytes, Read(new Message { BodySection = new AmqpValue { Value = bytes } }));
        Assert.Equal(bytes, Read(new Message { BodySection = pieces }));
        Assert.Empty(Read(new Message("text")));
    }

    private static byte[] Read(Message message) => [.. MessageBody.Read(Message.Decode(message.Encode()))];
}
