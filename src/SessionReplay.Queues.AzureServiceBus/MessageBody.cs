using Amqp;
using Amqp.Framing;

namespace SessionReplay.Queues.AzureServiceBus;

/// <summary>Reads bodies without copying them where they are in one piece.</summary>
internal static class MessageBody
{
    internal static ArraySegment<byte> Read(Message message) => message.BodySection switch
    {
        Data { Buffer: { } buffer } => new ArraySegment<byte>(buffer.Buffer, buffer.Offset, buffer.Length),
        DataList list => new ArraySegment<byte>([.. Enumerable.Range(0, list.Count).SelectMany(i => list[i].Binary)]),
        AmqpValue { Value: byte[] bytes } => new ArraySegment<byte>(bytes),
        _ => ArraySegment<byte>.Empty,
    };
}
