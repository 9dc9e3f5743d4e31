using Amqp.Framing;
using Amqp.Types;

namespace SessionReplay.Queues.AzureServiceBus;

/// <summary>
/// A delivery; it belongs to the receiver it came by. The outcomes of AMQP are what the service's own words are: accepted completes, released gives
/// back without counting, modified with a failed delivery abandons, which counts, modified as undeliverable here defers, and rejected sets aside. See
/// docs/adr/0007.
/// </summary>
internal sealed class ServiceBusDelivery(ServiceBusMessageQueue queue, ServiceBusLink link, ServiceBusReceiver receiver, ReceivedMessage message)
    : IQueueDelivery
{
    private static readonly Symbol DeadLetterCondition = "com.microsoft:dead-letter";
    private int _settled;

    public string MessageId => message.Headers.Id;

    public ReadOnlyMemory<byte> Body => message.Body;

    public int Attempt => 1 + message.Headers.Attempts + message.Returns;

    public ValueTask AckAsync(CancellationToken cancellationToken) => SettleAsync("ack", new Accepted(), null, cancellationToken);

    /// <summary>
    /// The service knows no delay for what is given back: the message is deferred, and a reminder scheduled. A peer without sequence numbers knows
    /// neither.
    /// </summary>
    public ValueTask RetryAsync(string reason, CancellationToken cancellationToken)
    {
        var attempts = message.Headers.Attempts + 1;
        if (attempts >= queue.MaxAttempts)
        {
            return DeadLetterAsync(reason, cancellationToken);
        }

        return message.SequenceNumber is null
            ? SettleAsync("retry", new Released(), null, cancellationToken)
            : SettleAsync("retry", new Modified { UndeliverableHere = true }, message.Headers with { Attempts = attempts }, cancellationToken);
    }

    public async ValueTask DeadLetterAsync(string reason, CancellationToken cancellationToken)
    {
        var kept = QueueArguments.KeepReason(reason);
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

    /// <summary>The service moves a message to the dead letters whole or not at all: this one is completed, and the log keeps its id and the reason.</summary>
    public async ValueTask RefuseAsync(string reason, CancellationToken cancellationToken)
    {
        await SettleAsync("dead_letter", new Accepted(), null, cancellationToken).ConfigureAwait(false);
        queue.LogDeadLetter(MessageId, Attempt, QueueArguments.KeepReason(reason));
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _settled, 1) == 0)
        {
            await GiveBackAsync(new Released()).ConfigureAwait(false);
        }
    }

    private async ValueTask SettleAsync(string outcomeName, Outcome outcome, MessageHeaders? reminder, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _settled, 1) != 0)
        {
            throw new InvalidOperationException($"The delivery of {MessageId} was settled before.");
        }

        try
        {
            await queue.SettleAsync(link, receiver, message, outcomeName, outcome, reminder, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // Whatever became of it, it goes back to the queue, at the latest when its lock runs out. Where a retry cannot be scheduled, for instance
            // in a full queue, the service counts the failure in its place: the message would otherwise come for ever.
            await GiveBackAsync(outcome is Modified ? new Modified { DeliveryFailed = true } : new Released()).ConfigureAwait(false);
            throw;
        }

        receiver.CountSettled();
    }

    private Task GiveBackAsync(Outcome outcome)
    {
        receiver.CountSettled();
        return receiver.GiveBackAsync(message, outcome);
    }
}
