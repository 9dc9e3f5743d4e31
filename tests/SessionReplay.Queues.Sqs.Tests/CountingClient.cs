using System.Collections.Concurrent;
using Amazon.Runtime;
using Amazon.SQS;
using Amazon.SQS.Model;

namespace SessionReplay.Queues.Sqs.Tests;

/// <summary>The SDK's client, with a look at the batches that go through it.</summary>
internal sealed class CountingClient(SqsQueueOptions options)
    : AmazonSQSClient(new BasicAWSCredentials(options.AccessKey, options.SecretKey), SqsClientFactory.CreateConfig(options))
{
    public ConcurrentQueue<IReadOnlyList<SendMessageBatchRequestEntry>> Sent { get; } = new();

    public ConcurrentQueue<int> Deleted { get; } = new();

    /// <summary>The visibility timeouts that were set, in seconds.</summary>
    public ConcurrentQueue<int> Hidden { get; } = new();

    /// <summary>Holds up a change of visibility timeouts before it is sent.</summary>
    public Func<int, Task> BeforeHiding { get; set; } = _ => Task.CompletedTask;

    /// <summary>Keeps an entry that was sent from being told of in the answer.</summary>
    public Func<SendMessageBatchRequestEntry, bool> IsUnanswered { get; set; } = _ => false;

    public bool IsDisposed { get; private set; }

    public override async Task<SendMessageBatchResponse> SendMessageBatchAsync(
        string queueUrl, List<SendMessageBatchRequestEntry> entries, CancellationToken cancellationToken = default)
    {
        Sent.Enqueue(entries);
        var answer = await base.SendMessageBatchAsync(queueUrl, entries, cancellationToken);
        answer.Successful.RemoveAll(done => IsUnanswered(entries.Single(entry => entry.Id == done.Id)));
        return answer;
    }

    public override Task<DeleteMessageBatchResponse> DeleteMessageBatchAsync(
        string queueUrl, List<DeleteMessageBatchRequestEntry> entries, CancellationToken cancellationToken = default)
    {
        Deleted.Enqueue(entries.Count);
        return base.DeleteMessageBatchAsync(queueUrl, entries, cancellationToken);
    }

    public override async Task<ChangeMessageVisibilityBatchResponse> ChangeMessageVisibilityBatchAsync(
        string queueUrl, List<ChangeMessageVisibilityBatchRequestEntry> entries, CancellationToken cancellationToken = default)
    {
        entries.ForEach(entry => Hidden.Enqueue(entry.VisibilityTimeout ?? 0));
        await BeforeHiding(entries[0].VisibilityTimeout ?? 0);
        return await base.ChangeMessageVisibilityBatchAsync(queueUrl, entries, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }
}
