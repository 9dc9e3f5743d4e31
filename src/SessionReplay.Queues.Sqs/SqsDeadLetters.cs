using Amazon.SQS;
using Amazon.SQS.Model;

namespace SessionReplay.Queues.Sqs;

/// <summary>
/// Looks at the queue of dead letters. The service cannot peek and keeps no order: messages are received, sorted by their age, and made
/// visible again.
/// </summary>
internal sealed class SqsDeadLetters(SqsLink link, SqsQueueOptions options)
{
    private const int MaxScanned = 1000;

    /// <summary>A look ends early when the bodies fetched for it would take more memory than this.</summary>
    private const long MaxScannedCharacters = 64 * 1024 * 1024;

    /// <summary>For how long a look hides the messages at most: until then it has long ended, or its process has.</summary>
    private static readonly TimeSpan Hidden = TimeSpan.FromMinutes(5);

    /// <summary>Even a short wait makes the service ask all of its servers, so that an empty answer means that there is no more.</summary>
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(1);

    /// <summary>Two at a time would hide messages from each other.</summary>
    private readonly SemaphoreSlim _one = new(1, 1);

    internal Task<IReadOnlyList<DeadLetter>> ListAsync(int limit, CancellationToken cancellationToken) =>
        ScanAsync<IReadOnlyList<DeadLetter>>(
            (queues, messages, _) => Task.FromResult<(IReadOnlyList<DeadLetter>, int)>(
                ([.. messages.Take(limit).Select(message => Describe(message, queues.DeliveryLimit))], 0)),
            cancellationToken);

    internal Task<int> RedriveAsync(int limit, CancellationToken cancellationToken) => TakeAsync(
        limit,
        static _ => true,
        async (queues, messages) =>
        {
            var whole = messages.Where(static message => SqsMessage.ReadBodyLength(message) > 0).ToList();
            foreach (var batch in Group(whole))
            {
                cancellationToken.ThrowIfCancellationRequested();
                await MoveAsync(queues, batch, cancellationToken).ConfigureAwait(false);
            }

            await RemoveAsync(queues, messages.Except(whole), cancellationToken).ConfigureAwait(false);
            return whole.Count;
        },
        cancellationToken);

    internal Task<int> DiscardAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) => TakeAsync(
        limit,
        message => SentAt(message) < before.ToUnixTimeMilliseconds(),
        async (queues, messages) =>
        {
            await RemoveAsync(queues, messages, cancellationToken).ConfigureAwait(false);
            return messages.Count;
        },
        cancellationToken);

    /// <summary>Takes dead letters, oldest first, up to the first that is not meant; returns how many the work counted.</summary>
    private async Task<int> TakeAsync(
        int limit, Func<Message, bool> isMeant, Func<SqsQueues, List<Message>, Task<int>> work, CancellationToken cancellationToken)
    {
        var (taken, counted) = (0, 0);
        bool more;
        do
        {
            more = await ScanAsync(
                async (queues, messages, isAll) =>
                {
                    var chosen = messages.TakeWhile(isMeant).Take(limit - taken).ToList();
                    counted += await work(queues, chosen).ConfigureAwait(false);
                    taken += chosen.Count;

                    // What is dead again before this ends is left: it would be put back again and again.
                    return (!isAll && chosen.Count > 0 && taken < limit, chosen.Count);
                },
                cancellationToken).ConfigureAwait(false);
        }
        while (more);
        return counted;
    }

    private async Task RemoveAsync(SqsQueues queues, IEnumerable<Message> messages, CancellationToken cancellationToken)
    {
        foreach (var batch in messages.Chunk(Batcher<Message>.MaxEntries))
        {
            var entries = batch.Select(message => new DeleteMessageBatchRequestEntry { ReceiptHandle = message.ReceiptHandle });
            Check(await SqsRequests.DeleteAsync(link.Client, queues.Dead, [.. entries], cancellationToken).ConfigureAwait(false));
        }
    }

    /// <summary>
    /// Receives what there is, lets the work see it oldest first, and makes visible again what the work has not removed from its front.
    /// </summary>
    private async Task<T> ScanAsync<T>(
        Func<SqsQueues, List<Message>, bool, Task<(T Result, int Removed)>> work, CancellationToken cancellationToken)
    {
        using var place = await _one.EnterAsync(cancellationToken).ConfigureAwait(false);
        var messages = new List<Message>();
        var removed = 0;
        var queues = await link.GetAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var isAll = await ReceiveAllAsync(queues, messages, cancellationToken).ConfigureAwait(false);
            messages.Sort((one, other) => SentAt(one).CompareTo(SentAt(other)));
            (var result, removed) = await work(queues, messages, isAll).ConfigureAwait(false);
            return result;
        }
        finally
        {
            await ShowAsync(queues, messages[removed..]).ConfigureAwait(false);
        }
    }

    /// <returns>Whether that is all there is.</returns>
    private async Task<bool> ReceiveAllAsync(SqsQueues queues, List<Message> messages, CancellationToken cancellationToken)
    {
        long characters = 0;
        while (messages.Count < MaxScanned && characters < MaxScannedCharacters)
        {
            var request = SqsRequests.Receive(queues.Dead, Batcher<Message>.MaxEntries, Wait, Hidden);
            var answer = await link.Client.ReceiveMessageAsync(request, cancellationToken).ConfigureAwait(false);
            if (answer.Messages is null or { Count: 0 })
            {
                return true;
            }

            messages.AddRange(answer.Messages);
            characters += answer.Messages.Sum(message => (long)message.Body.Length);
        }

        return false;
    }

    /// <summary>
    /// Sends the messages again, as new ones, and then removes them, so that a crash on the way leaves them twice and never loses them.
    /// </summary>
    private async Task MoveAsync(SqsQueues queues, List<Message> messages, CancellationToken cancellationToken)
    {
        var entries = messages.ConvertAll(SqsMessage.ToRedrive);
        var failures = await SqsRequests.SendAsync(link.Client, queues.Main, entries, cancellationToken).ConfigureAwait(false);

        // Those that were sent are removed also where others were not, or the next call would send them a second time.
        var deletions = messages.Where((_, i) => !failures.ContainsKey(i))
            .Select(message => new DeleteMessageBatchRequestEntry { ReceiptHandle = message.ReceiptHandle }).ToList();
        if (deletions.Count > 0)
        {
            Check(await SqsRequests.DeleteAsync(link.Client, queues.Dead, deletions, cancellationToken).ConfigureAwait(false));
        }

        Check(failures);
    }

    private async Task ShowAsync(SqsQueues queues, List<Message> messages)
    {
        using var limit = new CancellationTokenSource(options.ConfirmTimeout);
        foreach (var batch in messages.Chunk(Batcher<Message>.MaxEntries))
        {
            var entries = batch.Select(message => new ChangeMessageVisibilityBatchRequestEntry
            {
                ReceiptHandle = message.ReceiptHandle, VisibilityTimeout = 0,
            });
            await SqsRequests.ChangeAsync(link.Client, queues.Dead, [.. entries], limit.Token).ConfigureAwait(false);
        }
    }

    /// <summary>Cuts the messages into groups that fit into one request.</summary>
    private IEnumerable<List<Message>> Group(List<Message> messages)
    {
        var group = new List<Message>();
        var bytes = 0;
        foreach (var message in messages)
        {
            var size = SqsMessage.Size(SqsMessage.ToRedrive(message));
            if (group.Count == Batcher<Message>.MaxEntries || (group.Count > 0 && bytes + size > options.MaxMessageBytes))
            {
                yield return group;
                (group, bytes) = ([], 0);
            }

            group.Add(message);
            bytes += size;
        }

        if (group.Count > 0)
        {
            yield return group;
        }
    }

    private static DeadLetter Describe(Message message, int deliveryLimit)
    {
        var headers = SqsMessage.Read(message);
        return new DeadLetter(
            headers.Id,
            headers.Attempts > 0
                ? QueueArguments.KeepReason(headers.Reason ?? "")
                : "The service dead-lettered it: it was delivered as often as its redrive policy allows and never settled.",
            headers.Attempts > 0 ? headers.Attempts : deliveryLimit,
            DateTimeOffset.FromUnixTimeMilliseconds(SentAt(message)),
            SqsMessage.ReadBodyLength(message));
    }

    /// <summary>
    /// When the message was sent: for one that the adapter dead-lettered this is when it did so, for one that the service moved it is when
    /// it was published.
    /// </summary>
    private static long SentAt(Message message) => SqsMessage.ReadNumber(message, MessageSystemAttributeName.SentTimestamp);

    private static void Check(IReadOnlyDictionary<int, Exception> failures)
    {
        if (failures.Count > 0)
        {
            throw failures.Values.First();
        }
    }
}
