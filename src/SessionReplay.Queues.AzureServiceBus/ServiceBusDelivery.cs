using Amqp.Framing;
using Amqp.Types;

namespace SessionReplay.Queues.AzureServiceBus;

/// <summary>A delivery; it belongs to the receiver it came by.</summary>
internal sealed class ServiceBusDelivery(ServiceBusMessageQueue queue, ServiceBusLink link, ServiceBusReceiver receiver, ReceivedMessage message)
    : IQueueDelivery
{
    private const int MaxReasonLength = 1024;
    private static readonly Symbol DeadLetterCondition = "com.microsoft:dead-letter";
    private int _settled;

    public string MessageId => message.Headers.Id;

    public ReadOnlyMemory<byte> Body => message.Body;

    public int Attempt => 1 + message.Headers.Attempts + message.Returns;

    public ValueTask AckAsync(CancellationToken cancellationToken) => SettleAsync("ack", new Accepted(), null, cancellationToken);

    /// <summary>The service knows no delay for what is given back: a copy is scheduled, and the message itself is then removed.</summary>
    public ValueTask RetryAsync(string reason, CancellationToken cancellationToken)
    {
        var attempts = message.Headers.Attempts + 1;
        return attempts >= queue.MaxAttempts
            ? DeadLetterAsync(reason, cancellationToken)
            : SettleAsync("retry", new Accepted(), message.Headers with { Attempts = attempts }, cancellationToken);
    }

    public async ValueTask DeadLetterAsync(string reason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reason);
        var kept = reason.Length <= MaxReasonLength ? reason : reason[..MaxReasonLength];
        var error = new Error(DeadLetterCondition)
        {
            Info = new Fields
            {
                [(Symbol)ServiceBusDeadLetters.ReasonName] = ServiceBusDeadLetters.OwnReason,
                [(Symbol)ServiceBusDeadLetters.DescriptionName] = kept,
                [(Symbol)MessageHeaders.AttemptsName] = Attempt,
                [(Symbol)MessageHeaders.DeadAtName] = queue.NowMilliseconds,
            },
        };
        await SettleAsync("dead_letter", new Rejected { Error = error }, null, cancellationToken).ConfigureAwait(false);
        queue.LogDeadLetter(MessageId, Attempt, kept);
    }

    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _settled, 1) == 0)
        {
            GiveBack();
        }

        return ValueTask.CompletedTask;
    }

    private async ValueTask SettleAsync(string outcomeName, Outcome outcome, MessageHeaders? retry, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _settled, 1) != 0)
        {
            throw new InvalidOperationException($"The delivery of {MessageId} was settled before.");
        }

        try
        {
            await queue.SettleAsync(link, receiver, message, outcomeName, outcome, retry, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // Whatever became of it, it goes back to the queue, at the latest when its lock runs out.
            GiveBack();
            throw;
        }

        receiver.CountSettled();
    }

    private void GiveBack()
    {
        receiver.CountSettled();
        queue.GiveBack(receiver, message);
    }
}
