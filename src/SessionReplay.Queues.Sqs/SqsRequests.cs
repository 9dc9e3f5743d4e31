using System.Diagnostics.Metrics;
using System.Globalization;
using Amazon.SQS;
using Amazon.SQS.Model;

namespace SessionReplay.Queues.Sqs;

/// <summary>The batch requests, each kind gathered from concurrent calls.</summary>
internal sealed class SqsRequests
{
    private static readonly Dictionary<int, Exception> NoFailures = [];
    private static readonly Histogram<int> BatchSize = QueueTelemetry.Meter.CreateHistogram<int>(
        "sessionreplay.queue.batch.size", "{entry}", "Entries of a batch request, by sessionreplay.queue.request.");

    private readonly SqsLink _link;
    private readonly SqsQueueOptions _options;
    private readonly TimeProvider _time;
    private readonly Batcher<SendMessageBatchRequestEntry> _publishes;
    private readonly Batcher<SendMessageBatchRequestEntry> _deadLetters;
    private readonly Batcher<DeleteMessageBatchRequestEntry> _deletions;
    private readonly Batcher<ChangeMessageVisibilityBatchRequestEntry> _visibilities;

    internal SqsRequests(SqsLink link, SqsQueueOptions options, TimeProvider time)
    {
        _link = link;
        _options = options;
        _time = time;
        _publishes = Gather<SendMessageBatchRequestEntry>(
            "send", (queues, entries, end) => SendAsync(link.Client, queues.Main, entries, end));
        _deadLetters = Gather<SendMessageBatchRequestEntry>(
            "dead_letter", (queues, entries, end) => SendAsync(link.Client, queues.Dead, entries, end));
        _deletions = Gather<DeleteMessageBatchRequestEntry>(
            "delete", (queues, entries, end) => DeleteAsync(link.Client, queues.Main, entries, end));
        _visibilities = Gather<ChangeMessageVisibilityBatchRequestEntry>(
            "visibility", (queues, entries, end) => ChangeAsync(link.Client, queues.Main, entries, end));
    }

    internal Task PublishAsync(SendMessageBatchRequestEntry entry, CancellationToken cancellationToken) =>
        _publishes.AddAsync(entry, SqsMessage.Size(entry), cancellationToken);

    internal Task DeadLetterAsync(SendMessageBatchRequestEntry entry, CancellationToken cancellationToken) =>
        _deadLetters.AddAsync(entry, SqsMessage.Size(entry), cancellationToken);

    internal Task DeleteAsync(string receiptHandle, CancellationToken cancellationToken) =>
        _deletions.AddAsync(new DeleteMessageBatchRequestEntry { ReceiptHandle = receiptHandle }, 0, cancellationToken);

    /// <summary>Hides a delivery for a time from now on; zero gives it back.</summary>
    internal Task HideAsync(string receiptHandle, TimeSpan time, CancellationToken cancellationToken) =>
        _visibilities.AddAsync(
            new ChangeMessageVisibilityBatchRequestEntry { ReceiptHandle = receiptHandle, VisibilityTimeout = Seconds(time) },
            0,
            cancellationToken);

    /// <summary>The service counts whole seconds: a part of one counts as one, so that no delay is shorter than it was to be.</summary>
    internal static int Seconds(TimeSpan time) => (int)Math.Ceiling(time.TotalSeconds);

    /// <summary>Makes a request for messages.</summary>
    /// <param name="queue">The URL of the queue.</param>
    /// <param name="count">How many messages are received at most.</param>
    /// <param name="wait">How long it waits at the service for a first message.</param>
    /// <param name="hidden">How long the messages are hidden from others.</param>
    internal static ReceiveMessageRequest Receive(string queue, int count, TimeSpan wait, TimeSpan hidden) => new()
    {
        QueueUrl = queue,
        MaxNumberOfMessages = count,
        WaitTimeSeconds = Seconds(wait),
        VisibilityTimeout = Seconds(hidden),
        MessageAttributeNames = ["All"],
        MessageSystemAttributeNames = SqsMessage.SystemNames,
    };

    internal static async Task<IReadOnlyDictionary<int, Exception>> SendAsync(
        IAmazonSQS client, string queue, IReadOnlyList<SendMessageBatchRequestEntry> entries, CancellationToken cancellationToken)
    {
        Number(entries, static (entry, id) => entry.Id = id);
        var answer = await client.SendMessageBatchAsync(queue, [.. entries], cancellationToken).ConfigureAwait(false);
        return Failures(entries.Count, answer.Successful?.Select(entry => entry.Id), answer.Failed);
    }

    internal static async Task<IReadOnlyDictionary<int, Exception>> DeleteAsync(
        IAmazonSQS client, string queue, IReadOnlyList<DeleteMessageBatchRequestEntry> entries, CancellationToken cancellationToken)
    {
        Number(entries, static (entry, id) => entry.Id = id);
        var answer = await client.DeleteMessageBatchAsync(queue, [.. entries], cancellationToken).ConfigureAwait(false);
        return Failures(entries.Count, answer.Successful?.Select(entry => entry.Id), answer.Failed);
    }

    internal static async Task<IReadOnlyDictionary<int, Exception>> ChangeAsync(
        IAmazonSQS client,
        string queue,
        IReadOnlyList<ChangeMessageVisibilityBatchRequestEntry> entries,
        CancellationToken cancellationToken)
    {
        Number(entries, static (entry, id) => entry.Id = id);
        var answer = await client.ChangeMessageVisibilityBatchAsync(queue, [.. entries], cancellationToken).ConfigureAwait(false);
        return Failures(entries.Count, answer.Successful?.Select(entry => entry.Id), answer.Failed);
    }

    private static void Number<T>(IReadOnlyList<T> entries, Action<T, string> name)
    {
        for (var i = 0; i < entries.Count; i++)
        {
            name(entries[i], i.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>What the service does not say it has done it has not done: silence about an entry is a failure of it.</summary>
    private static Dictionary<int, Exception> Failures(int count, IEnumerable<string>? done, List<BatchResultErrorEntry>? failed)
    {
        var confirmed = done?.ToHashSet() ?? [];
        if (confirmed.Count == count)
        {
            return NoFailures;
        }

        var failures = new Dictionary<int, Exception>();
        for (var i = 0; i < count; i++)
        {
            var id = i.ToString(CultureInfo.InvariantCulture);
            if (!confirmed.Contains(id))
            {
                failures[i] = failed?.Find(failure => string.Equals(failure.Id, id, StringComparison.Ordinal)) is { } failure
                    ? new EntryFailedException(failure.Code, failure.Message, failure.SenderFault ?? false)
                    : new EntryFailedException("NotConfirmed", "The service said nothing about this entry.", isSenderFault: false);
            }
        }

        return failures;
    }

    private Batcher<T> Gather<T>(
        string request, Func<SqsQueues, IReadOnlyList<T>, CancellationToken, Task<IReadOnlyDictionary<int, Exception>>> send) => new(
        _options.MaxConcurrentRequests,
        _options.MaxMessageBytes,
        async entries =>
        {
            using var limit = new CancellationTokenSource(_options.ConfirmTimeout, _time);
            var queues = await _link.GetAsync(limit.Token).ConfigureAwait(false);
            BatchSize.Record(entries.Count, new KeyValuePair<string, object?>("sessionreplay.queue.request", request));
            return await send(queues, entries, limit.Token).ConfigureAwait(false);
        });
}
