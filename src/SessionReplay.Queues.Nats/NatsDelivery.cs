using NATS.Client.Core;
using NATS.Client.JetStream;

namespace SessionReplay.Queues.Nats;

/// <summary>A message that the server has handed out.</summary>
internal sealed class NatsDelivery(NatsLink link, NatsQueueOptions options, INatsJSMsg<NatsMemoryOwner<byte>> message) : IBrokerMessage
{
    private readonly MessageHeaders _headers = MessageHeaders.Read(message.Headers);

    public string Id => _headers.Id;

    public ReadOnlyMemory<byte> Body => message.Data.Memory;

    public int Attempt => (int)Math.Min(int.MaxValue, message.Metadata?.NumDelivered ?? 1);

    public bool IsLastAttempt => Attempt >= options.MaxAttempts;

    /// <summary>Gets whether the message was delivered more often than allowed, to whomever.</summary>
    internal bool IsOverLimit => Attempt > options.DeliveryLimit;

    public Task AckAsync(CancellationToken end) => message.AckAsync(new AckOpts { DoubleAck = true }, end).AsTask();

    public Task RetryAsync(CancellationToken end) =>
        NakAsync(RetryDelay.Compute(Attempt, options.FirstRetryDelay, options.MaxRetryDelay, Random.Shared.NextDouble()), end);

    public async Task DeadLetterAsync(string reason, bool keepBody, CancellationToken end)
    {
        var metadata = message.Metadata!.Value;
        var duplicateId = FormattableString.Invariant(
            $"{metadata.Timestamp.ToUnixTimeMilliseconds()}-{metadata.Sequence.Stream}-{Uri.EscapeDataString(Id)}");
        var headers = _headers with { Attempts = Attempt, Reason = reason };
        await link.PublishAsync(link.DeadSubject, duplicateId, headers, keepBody ? Body : default, end).ConfigureAwait(false);
        await AckAsync(end).ConfigureAwait(false);
    }

    /// <summary>
    /// Gives the message back. What could not be dead-lettered, because its headers leave no room for more, must not come again at once.
    /// </summary>
    public Task GiveBackAsync(
        bool afterFailure, CancellationToken end) => NakAsync(IsOverLimit ? options.MaxRetryDelay : TimeSpan.Zero, end);

    public void End() => message.Data.Dispose();

    internal ValueTask RenewAsync(CancellationToken end) => message.AckProgressAsync(new AckOpts { DoubleAck = false }, end);

    private Task NakAsync(TimeSpan delay, CancellationToken end) =>
        message.NakAsync(new AckOpts { DoubleAck = true, NakDelay = delay }, end).AsTask();
}
