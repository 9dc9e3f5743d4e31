namespace SessionReplay.Queues.RabbitMQ;

/// <summary>A message that the broker has sent and that waits for, or is with, its consumer.</summary>
/// <param name="Tag">Names the delivery on its link.</param>
/// <param name="Headers">What it carries.</param>
/// <param name="Returns">How often the broker took it back unsettled.</param>
/// <param name="Buffer">A rented array with the body.</param>
/// <param name="Bytes">The size of the body.</param>
internal readonly record struct ReceivedMessage(ulong Tag, MessageHeaders Headers, int Returns, byte[] Buffer, int Bytes)
{
    internal ReadOnlyMemory<byte> Body => Buffer.AsMemory(0, Bytes);
}
