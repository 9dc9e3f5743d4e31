using System.Buffers;

namespace SessionReplay.Queues.RabbitMQ;

/// <summary>A message that the broker has handed out over a link. It can be settled over that link only.</summary>
internal sealed class RabbitMQDelivery(
    RabbitMQLink link, ReceivedMessage received, RabbitMQQueueOptions options, TimeProvider time) : IBrokerMessage
{
    public string Id => received.Headers.Id;

    public ReadOnlyMemory<byte> Body => received.Body;

    public int Attempt => 1 + received.Headers.Attempts + received.Returns;

    /// <summary>Gets whether a retry makes the message a dead letter. What the broker took back does not count.</summary>
    public bool IsLastAttempt => received.Headers.Attempts + 1 >= options.MaxAttempts;

    internal RabbitMQLink Link => link;

    public Task AckAsync(CancellationToken end) => link.AckAsync(received.Tag, end);

    public Task RetryAsync(CancellationToken end)
    {
        var attempts = received.Headers.Attempts + 1;
        return MoveAsync(link.Topology.RetryAfter(attempts), received.Headers with { Attempts = attempts }, Body, end);
    }

    public Task DeadLetterAsync(string reason, bool keepBody, CancellationToken end)
    {
        var headers = received.Headers with { Attempts = Attempt, Reason = reason, DeadAt = time.GetUtcNow().ToUnixTimeMilliseconds() };
        return MoveAsync(link.Topology.Dead, headers, keepBody ? Body : default, end);
    }

    /// <summary>Gives the message back; where the link has ended the broker has taken it back already.</summary>
    public Task GiveBackAsync(bool afterFailure, CancellationToken end) => link.ReturnAsync(received.Tag, end);

    public void End()
    {
        if (received.Buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(received.Buffer);
        }
    }

    private async Task MoveAsync(string queue, MessageHeaders headers, ReadOnlyMemory<byte> body, CancellationToken end)
    {
        await link.PublishAsync(queue, headers, body, end).ConfigureAwait(false);
        await link.AckAsync(received.Tag, end).ConfigureAwait(false);
    }
}
