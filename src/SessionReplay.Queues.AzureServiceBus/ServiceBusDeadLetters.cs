using System.Threading.Channels;
using Amqp;
using Amqp.Framing;

namespace SessionReplay.Queues.AzureServiceBus;

/// <summary>Looks at the dead-letter queue, and puts messages back by sending them anew and then removing them there.</summary>
internal sealed class ServiceBusDeadLetters(TimeSpan patience, TimeProvider time)
{
    /// <summary>The names of the properties that the service gives a dead letter.</summary>
    internal const string ReasonName = "DeadLetterReason";
    internal const string DescriptionName = "DeadLetterErrorDescription";

    /// <summary>The reason by which dead letters of this adapter are known; the text is in the description.</summary>
    internal const string OwnReason = "SessionReplay";

    /// <summary>The names of the properties that a dead letter of this adapter has beside those.</summary>
    internal static readonly string[] OwnProperties = [MessageHeaders.AttemptsName, MessageHeaders.DeadAtName];

    /// <summary>The service sends the bodies too, so this is a bound on memory.</summary>
    private const int Page = 50;

    internal static async Task<IReadOnlyList<DeadLetter>> ListAsync(ServiceBusLink link, int limit, CancellationToken cancellationToken)
    {
        var letters = new List<DeadLetter>();
        long from = 0;
        while (letters.Count < limit)
        {
            var messages = await link.DeadManagement.PeekAsync(from, Math.Min(Page, limit - letters.Count), cancellationToken).ConfigureAwait(false);
            if (messages.Count == 0)
            {
                break;
            }

            letters.AddRange(messages.Select(Describe));
            from = (ReceivedMessage.ReadSequenceNumber(messages[^1]) ?? 0) + 1;
        }

        return letters;
    }

    internal async Task<int> RedriveAsync(ServiceBusLink link, int limit, CancellationToken cancellationToken)
    {
        var run = Guid.CreateVersion7().ToString("N");
        var moved = 0;
        while (moved < limit)
        {
            var available = (await link.DeadManagement.PeekAsync(0, Math.Min(Page, limit - moved), cancellationToken).ConfigureAwait(false)).Count;
            if (available == 0)
            {
                break;
            }

            var receiver = await link.OpenDeadLetterReceiverAsync(available, cancellationToken).ConfigureAwait(false);
            try
            {
                for (; available > 0; available--)
                {
                    if (await ReadAsync(receiver, cancellationToken).ConfigureAwait(false) is not { } message)
                    {
                        // Somebody else has them.
                        return moved;
                    }

                    if (string.Equals(message.Headers.Redrive, run, StringComparison.Ordinal))
                    {
                        // It is dead again already, and would be put back again and again. So is all that comes after it.
                        await receiver.SettleAsync(message, new Released(), cancellationToken).ConfigureAwait(false);
                        return moved;
                    }

                    var headers = message.Headers with { Attempts = 0, Redrive = run };
                    var copyId = headers.CopyId("redrive", message.SequenceNumber ?? 0);
                    await link.PublishAsync(headers.ToMessage(copyId, message.Body), cancellationToken).ConfigureAwait(false);
                    await receiver.SettleAsync(message, new Accepted(), cancellationToken).ConfigureAwait(false);
                    moved++;
                }
            }
            finally
            {
                await receiver.CloseAsync(patience, CancellationToken.None).ConfigureAwait(false);
            }
        }

        // Whose reminder expired, or was deleted with the dead letters, is reached by this alone.
        return moved + await link.Deferred.RemindOfOldestAsync(run, limit - moved, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes dead letters. The service itself keeps them for ever, and counts them to the size of the queue.</summary>
    internal async Task<int> DiscardAsync(ServiceBusLink link, DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        var removed = 0;
        while (removed < limit)
        {
            var page = await link.DeadManagement.PeekAsync(0, Math.Min(Page, limit - removed), cancellationToken).ConfigureAwait(false);
            var due = page.TakeWhile(message => Describe(message).DeadLetteredAt < before).Count();
            if (due == 0)
            {
                break;
            }

            var receiver = await link.OpenDeadLetterReceiverAsync(due, cancellationToken).ConfigureAwait(false);
            try
            {
                for (; due > 0; due--)
                {
                    if (await ReadAsync(receiver, cancellationToken).ConfigureAwait(false) is not { } message)
                    {
                        // Somebody else has them.
                        return removed;
                    }

                    await RemoveDeferredAsync(link, message, cancellationToken).ConfigureAwait(false);
                    await receiver.SettleAsync(message, new Accepted(), cancellationToken).ConfigureAwait(false);
                    removed++;
                }
            }
            finally
            {
                await receiver.CloseAsync(patience, CancellationToken.None).ConfigureAwait(false);
            }
        }

        return removed;
    }

    /// <summary>With a reminder goes the deferred message that nobody else would find.</summary>
    private static async Task RemoveDeferredAsync(ServiceBusLink link, ReceivedMessage letter, CancellationToken cancellationToken)
    {
        if (letter.Headers.Deferred is not null
            && await link.Deferred.TakeAsync(letter, cancellationToken).ConfigureAwait(false) is { LockToken: { } lockToken })
        {
            await link.Management.SettleAsync([lockToken], new Accepted(), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<ReceivedMessage?> ReadAsync(ServiceBusReceiver receiver, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(patience, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await receiver.Received.ReadAsync(end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        catch (ChannelClosedException e)
        {
            throw ServiceBusErrors.Unavailable(e);
        }
    }

    private static DeadLetter Describe(Message message)
    {
        var headers = MessageHeaders.Read(message);
        var properties = message.ApplicationProperties?.Map;
        var reason = MessageHeaders.Text(properties, ReasonName);
        var description = MessageHeaders.Text(properties, DescriptionName) ?? "";
        var bytes = MessageBody.Read(message).Count;
        if (string.Equals(reason, OwnReason, StringComparison.Ordinal))
        {
            var deadAt = QueueArguments.ReadTime(MessageHeaders.Number(properties, MessageHeaders.DeadAtName));
            return new DeadLetter(headers.Id, QueueArguments.KeepReason(description), headers.Attempts, deadAt, bytes);
        }

        // The service set it aside, because of too many deliveries or its age, or an operator did. When that was it does not tell.
        var attempts = headers.Attempts + QueueArguments.ReadCount(message.Header?.DeliveryCount ?? 0);
        var why = QueueArguments.KeepReason($"The service set it aside: {reason} {description}".TrimEnd());
        return new DeadLetter(headers.Id, why, attempts, MessageHeaders.ReadEnqueued(message) ?? DateTimeOffset.UnixEpoch, bytes);
    }
}
