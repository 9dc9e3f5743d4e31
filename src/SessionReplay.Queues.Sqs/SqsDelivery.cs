using Amazon.SQS;

namespace SessionReplay.Queues.Sqs;

/// <summary>A message that the service has handed out and hides from others.</summary>
internal sealed class SqsDelivery(ReceivedMessage received, SqsRequests requests, SqsQueueOptions options) : IBrokerMessage
{
    private readonly SqsMessage _message = SqsMessage.Read(received.Message);
    private readonly string _receiptHandle = received.Message.ReceiptHandle;
    private Task _renewal = Task.CompletedTask;

    public string Id => _message.Id;

    public ReadOnlyMemory<byte> Body { get; } = SqsMessage.ReadBody(received.Message);

    public int Attempt { get; } = (int)Math.Clamp(
        SqsMessage.ReadNumber(received.Message, MessageSystemAttributeName.ApproximateReceiveCount), 1, int.MaxValue);

    public bool IsLastAttempt => Attempt >= options.MaxAttempts;

    /// <summary>Gets when the message was sent, ms since the Unix epoch.</summary>
    internal long SentAt { get; } = SqsMessage.ReadNumber(received.Message, MessageSystemAttributeName.SentTimestamp);

    /// <summary>Gets when the service last began to count the time for which the message is hidden.</summary>
    internal long RenewedAt { get; private set; } = received.At;

    public Task AckAsync(CancellationToken end) => requests.DeleteAsync(_receiptHandle, end);

    public Task RetryAsync(CancellationToken end) => HideAsync(
        RetryDelay.Compute(Attempt, options.FirstRetryDelay, options.MaxRetryDelay, Random.Shared.NextDouble()), end);

    public async Task DeadLetterAsync(string reason, bool keepBody, CancellationToken end)
    {
        var dead = _message with { Attempts = Attempt, Reason = reason };
        await requests.DeadLetterAsync(dead.ToEntry(SqsMessage.EncodeBody(keepBody ? Body.Span : [])), end).ConfigureAwait(false);
        await requests.DeleteAsync(_receiptHandle, end).ConfigureAwait(false);
    }

    public Task GiveBackAsync(bool afterFailure, CancellationToken end) => HideAsync(TimeSpan.Zero, end);

    public void End()
    {
    }

    /// <summary>Hides the message for another lease time.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="failed">Takes a failure: the task has none.</param>
    internal Task RenewAsync(TimeProvider time, Action<SqsDelivery, Exception> failed) => _renewal = HideAgainAsync(time, failed);

    private async Task HideAgainAsync(TimeProvider time, Action<SqsDelivery, Exception> failed)
    {
        var begun = time.GetTimestamp();
        try
        {
            using var limit = new CancellationTokenSource(options.LeaseTime / 3, time);
            await requests.HideAsync(_receiptHandle, options.LeaseTime, limit.Token).ConfigureAwait(false);
            RenewedAt = begun;
        }
        catch (Exception e)
        {
            failed(this, e);
        }
    }

    /// <summary>Waits for a renewal that is under way, which would undo this.</summary>
    private async Task HideAsync(TimeSpan delay, CancellationToken end)
    {
        await _renewal.WaitAsync(end).ConfigureAwait(false);
        await requests.HideAsync(_receiptHandle, delay, end).ConfigureAwait(false);
    }
}
