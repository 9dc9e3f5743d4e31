using Azure.Messaging.ServiceBus;

namespace SessionReplay.Queues.AzureServiceBus;

/// <summary>The dead-letter sub-queue. A message is put back by sending it again and then removing it there.</summary>
internal sealed class ServiceBusDeadLetters(ServiceBusLink link)
{
    /// <summary>The reason by which dead letters of this adapter are known; the text is in the description.</summary>
    internal const string OwnReason = "SessionReplay";

    /// <summary>The names of the properties that the service gives a dead letter.</summary>
    private const string ReasonName = "DeadLetterReason";
    private const string DescriptionName = "DeadLetterErrorDescription";

    /// <summary>The service sends the bodies too, so this is a bound on memory.</summary>
    private const int Page = 50;

    /// <summary>How many dead letters a process adds between two counts.</summary>
    private const int CountInterval = 100;
    private int _added;

    internal async Task<IReadOnlyList<DeadLetter>> ListAsync(int limit, CancellationToken cancellationToken)
    {
        var letters = new List<DeadLetter>();
        var (from, isEnd) = (0L, false);
        var receiver = link.CreateReceiver(SubQueue.DeadLetter);
        await using (receiver.ConfigureAwait(false))
        {
            while (letters.Count < limit && !isEnd)
            {
                var count = Math.Min(Page, limit - letters.Count);
                var page = await receiver.PeekMessagesAsync(count, from, cancellationToken).ConfigureAwait(false);
                letters.AddRange(page.Select(Describe));
                (from, isEnd) = page is [.., var last] ? (last.SequenceNumber + 1, false) : (from, true);
            }
        }

        return letters;
    }

    internal Task<int> RedriveAsync(int limit, CancellationToken cancellationToken)
    {
        var run = Guid.CreateVersion7().ToString("N");
        return TakeAsync(
            limit,

            // A message of this call that is already dead again would be put back for ever, and so would those behind it.
            message => !string.Equals(MessageHeaders.Read(message).Redrive, run, StringComparison.Ordinal),
            async message =>
            {
                var headers = MessageHeaders.Read(message) with { Attempts = 0, Redrive = run };
                var copy = headers.ToMessage(headers.CopyId("redrive", message.SequenceNumber), MessageHeaders.ReadBody(message));
                await link.Sender.SendMessageAsync(copy, cancellationToken).ConfigureAwait(false);
            },
            cancellationToken);
    }

    /// <summary>Removes dead letters. The service itself keeps them for ever, and they count towards the size of the queue.</summary>
    internal Task<int> DiscardAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        TakeAsync(limit, message => Describe(message).DeadLetteredAt < before, static _ => Task.CompletedTask, cancellationToken);

    /// <summary>
    /// Removes the oldest dead letters beyond <see cref="AzureServiceBusQueueOptions.MaxDeadLetters"/>, which the service does not do:
    /// when this process adds its first one, and then at each hundredth.
    /// </summary>
    internal async Task BoundAsync()
    {
        if ((Interlocked.Increment(ref _added) - 1) % CountInterval != 0)
        {
            return;
        }

        try
        {
            var counts = await link.Calls.RunAsync(link.CountAsync, CancellationToken.None).ConfigureAwait(false);
            if (counts.DeadLetterMessageCount - link.Options.MaxDeadLetters is > 0 and var excess)
            {
                var removed = await TakeAsync(
                    (int)excess, static _ => true, static _ => Task.CompletedTask, CancellationToken.None).ConfigureAwait(false);
                Log.DeadLettersRemoved(link.Calls.Logger, removed);
            }
        }
        catch (Exception e)
        {
            Log.BoundFailed(link.Calls.Logger, CountInterval, e);
        }
    }

    /// <summary>Takes dead letters, oldest first, up to the first that is not meant, and removes each after the work on it.</summary>
    private async Task<int> TakeAsync(
        int limit,
        Func<ServiceBusReceivedMessage, bool> isMeant,
        Func<ServiceBusReceivedMessage, Task> work,
        CancellationToken cancellationToken)
    {
        var taken = 0;
        var receiver = link.CreateReceiver(SubQueue.DeadLetter);
        await using (receiver.ConfigureAwait(false))
        {
            // A look first spares the wait at an empty queue.
            while (await CountDueAsync(Math.Min(Page, limit - taken)).ConfigureAwait(false) is > 0 and var due)
            {
                for (; due > 0; due--)
                {
                    var message = await receiver.ReceiveMessageAsync(link.Options.ConfirmTimeout, cancellationToken).ConfigureAwait(false);
                    if (message is null || !isMeant(message))
                    {
                        // Another process has taken what was seen here. The lock of what it has left runs out.
                        return taken;
                    }

                    await work(message).ConfigureAwait(false);
                    await receiver.CompleteMessageAsync(message, cancellationToken).ConfigureAwait(false);
                    taken++;
                }
            }
        }

        return taken;

        async Task<int> CountDueAsync(int count) => count == 0
            ? 0
            : (await receiver.PeekMessagesAsync(count, 0, cancellationToken).ConfigureAwait(false)).TakeWhile(isMeant).Count();
    }

    private static DeadLetter Describe(ServiceBusReceivedMessage message)
    {
        var headers = MessageHeaders.Read(message);
        var reason = MessageHeaders.Text(message, ReasonName);
        var description = MessageHeaders.Text(message, DescriptionName) ?? "";
        var bytes = MessageHeaders.ReadBody(message).Length;
        if (string.Equals(reason, OwnReason, StringComparison.Ordinal))
        {
            var deadAt = QueueArguments.ReadTime(MessageHeaders.Number(message, MessageHeaders.DeadAtName));
            return new DeadLetter(headers.Id, QueueArguments.KeepReason(description), headers.Attempts, deadAt, bytes);
        }

        // The service dead-lettered it, for too many deliveries or its age, or an operator did. The service does not record when.
        var why = QueueArguments.KeepReason($"Dead-lettered by the service: {reason} {description}".TrimEnd());
        return new DeadLetter(headers.Id, why, headers.CountDeliveries(message), message.EnqueuedTime, bytes);
    }
}
