namespace SessionReplay.Queues.AzureServiceBus;

/// <summary>
/// Gets deferred messages back. The service gives one to whoever names its sequence number, and to nobody else; the number is in a scheduled message
/// without a body, the reminder, which is sent before the message is deferred and removed after it is settled. See docs/adr/0007.
/// </summary>
internal sealed class DeferredMessages(ServiceBusLink link, AzureServiceBusQueueOptions options, TimeProvider time)
{
    /// <summary>The service sends the bodies too, so this is a bound on memory.</summary>
    private const int Page = 50;

    /// <summary>Each look costs three calls, and may take as long as somebody works on the message.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    /// <summary>Schedules the reminder of a message that is to be deferred, and waits until the service has made it durable.</summary>
    /// <param name="message">The message's headers, with the attempts there have been.</param>
    /// <param name="sequenceNumber">The message's number.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal Task RemindAsync(MessageHeaders message, long sequenceNumber, CancellationToken cancellationToken)
    {
        var delay = RetryDelay.Compute(message.Attempts, options.FirstRetryDelay, options.MaxRetryDelay, Random.Shared.NextDouble());
        return ScheduleAsync(message with { Deferred = sequenceNumber }, message.CopyId("retry", sequenceNumber), delay, cancellationToken);
    }

    /// <summary>Locks the message of a reminder that has arrived.</summary>
    /// <returns>The message, or <see langword="null"/> when the reminder is not needed any more: the message is settled, or there is another reminder.</returns>
    internal async Task<ReceivedMessage?> TakeAsync(ReceivedMessage reminder, CancellationToken cancellationToken)
    {
        var number = reminder.Headers.Deferred!.Value;
        try
        {
            var (message, lockToken) = await link.Management.ReceiveDeferredAsync(number, cancellationToken).ConfigureAwait(false);
            return new ReceivedMessage(message, lockToken, reminder);
        }
        catch (ServiceBusRefusalException)
        {
            // The service has no answer of its own for each of: settled, locked by somebody, not deferred yet.
            var next = await link.Management.PeekAsync(number, 1, cancellationToken).ConfigureAwait(false);
            if (next is [var found] && ReceivedMessage.ReadSequenceNumber(found) == number)
            {
                var messageId = reminder.Headers.CopyId("again", reminder.SequenceNumber ?? 0);
                await ScheduleAsync(reminder.Headers, messageId, LookAgain, cancellationToken).ConfigureAwait(false);
            }

            return null;
        }
    }

    /// <summary>Sends another reminder, due at once, of each of the oldest messages that are deferred: theirs may be lost.</summary>
    /// <returns>How many were sent.</returns>
    internal async Task<int> RemindOfOldestAsync(string run, int limit, CancellationToken cancellationToken)
    {
        var sent = 0;
        long from = 0;
        while (sent < limit)
        {
            // Messages that wait for nothing are taken in the meantime, so what stays behind is at the head of the queue.
            var messages = await link.Management.PeekAsync(from, Math.Min(Page, limit - sent), cancellationToken).ConfigureAwait(false);
            var deferred = messages.Where(ReceivedMessage.IsDeferred).ToArray();
            if (deferred.Length == 0)
            {
                break;
            }

            foreach (var message in deferred)
            {
                var number = ReceivedMessage.ReadSequenceNumber(message) ?? 0;
                var headers = MessageHeaders.Read(message) with { Attempts = 0, Deferred = number, Redrive = run };
                await link.PublishAsync(headers.ToMessage(headers.CopyId(run, number), ArraySegment<byte>.Empty), cancellationToken).ConfigureAwait(false);
                sent++;
            }

            from = (ReceivedMessage.ReadSequenceNumber(messages[^1]) ?? 0) + 1;
        }

        return sent;
    }

    private Task ScheduleAsync(MessageHeaders reminder, string messageId, TimeSpan delay, CancellationToken cancellationToken) =>
        link.PublishAsync(reminder.ToMessage(messageId, ArraySegment<byte>.Empty, time.GetUtcNow() + delay), cancellationToken);
}
