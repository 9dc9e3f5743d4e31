using RabbitMQ.Client;

namespace SessionReplay.Queues.RabbitMQ;

/// <summary>
/// Looks at the queue of dead letters. AMQP cannot peek: messages are fetched unsettled and go back when the channel is closed.
/// </summary>
internal sealed class RabbitMQDeadLetters(LiveLink<RabbitMQLink> links, TimeProvider time)
{
    /// <summary>A list ends early when the bodies fetched for it would take more memory than this.</summary>
    private const long MaxFetchedBytes = 128 * 1024 * 1024;

    private const int MaxLooks = 500;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    /// <summary>Two at a time would hide messages from each other.</summary>
    private readonly SemaphoreSlim _one = new(1, 1);

    internal async Task<IReadOnlyList<DeadLetter>> ListAsync(int limit, CancellationToken cancellationToken)
    {
        using var place = await _one.EnterAsync(cancellationToken).ConfigureAwait(false);
        var link = await links.GetAsync(cancellationToken).ConfigureAwait(false);
        var channel = await link.OpenChannelAsync(cancellationToken).ConfigureAwait(false);
        await using var closing = channel.ConfigureAwait(false);
        var letters = new List<DeadLetter>();
        ulong last = 0;
        long bytes = 0;
        while (letters.Count < limit && bytes < MaxFetchedBytes
            && await channel.BasicGetAsync(link.Topology.Dead, autoAck: false, cancellationToken).ConfigureAwait(false) is { } message)
        {
            letters.Add(Describe(message));
            last = message.DeliveryTag;
            bytes += message.Body.Length;
        }

        if (last > 0)
        {
            await channel.BasicNackAsync(last, multiple: true, requeue: true, cancellationToken).ConfigureAwait(false);
        }

        await WaitUntilBackAsync(channel, link.Topology.Dead, letters.Count, cancellationToken).ConfigureAwait(false);
        return letters;
    }

    internal Task<int> RedriveAsync(int limit, CancellationToken cancellationToken) => TakeAsync(
        limit,
        async (link, channel, message) =>
        {
            if (message.Body.Length > 0)
            {
                var headers = MessageHeaders.Read(message.BasicProperties) with { Attempts = 0, Reason = null };
                await link.PublishAsync(link.Topology.Main, headers, message.Body, cancellationToken).ConfigureAwait(false);
            }

            await channel.BasicAckAsync(message.DeliveryTag, multiple: false, cancellationToken).ConfigureAwait(false);
            return message.Body.Length > 0;
        },
        cancellationToken);

    internal Task<int> DiscardAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) => TakeAsync(
        limit,
        async (_, channel, message) =>
        {
            if (Describe(message).DeadLetteredAt >= before)
            {
                await channel.BasicNackAsync(message.DeliveryTag, multiple: false, requeue: true, cancellationToken).ConfigureAwait(false);
                return null;
            }

            await channel.BasicAckAsync(message.DeliveryTag, multiple: false, cancellationToken).ConfigureAwait(false);
            return true;
        },
        cancellationToken);

    /// <summary>
    /// Waits until the broker has taken letters back, which it does not confirm: the next look or redrive is to find them. Those that
    /// somebody else has taken are not waited for.
    /// </summary>
    private async Task WaitUntilBackAsync(IChannel channel, string queue, int count, CancellationToken cancellationToken)
    {
        for (var look = 0; look < MaxLooks; look++)
        {
            if (await channel.MessageCountAsync(queue, cancellationToken).ConfigureAwait(false) >= count)
            {
                break;
            }

            await Task.Delay(BetweenLooks, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Takes dead letters one by one, oldest first, until an action returns <see langword="null"/>; returns how many it counted.
    /// </summary>
    private async Task<int> TakeAsync(
        int limit, Func<RabbitMQLink, IChannel, BasicGetResult, Task<bool?>> action, CancellationToken cancellationToken)
    {
        using var place = await _one.EnterAsync(cancellationToken).ConfigureAwait(false);
        var link = await links.GetAsync(cancellationToken).ConfigureAwait(false);
        var channel = await link.OpenChannelAsync(cancellationToken).ConfigureAwait(false);
        await using var closing = channel.ConfigureAwait(false);
        var (seen, counted) = (0, 0);
        while (seen < limit
            && await channel.BasicGetAsync(link.Topology.Dead, autoAck: false, cancellationToken).ConfigureAwait(false) is { } message)
        {
            if (seen++ == 0)
            {
                // What is dead again before this ends is left: it would be put back again and again.
                limit = (int)Math.Min(limit, 1L + message.MessageCount);
            }

            if (await action(link, channel, message).ConfigureAwait(false) is not { } counts)
            {
                break;
            }

            counted += counts ? 1 : 0;
        }

        await channel.MessageCountAsync(link.Topology.Dead, cancellationToken).ConfigureAwait(false);
        return counted;
    }

    private static DeadLetter Describe(BasicGetResult message)
    {
        var headers = MessageHeaders.Read(message.BasicProperties);
        var (reason, at) = headers.Reason is { } given
            ? (QueueArguments.KeepReason(given), QueueArguments.ReadTime(headers.DeadAt))
            : MessageHeaders.ReadBrokersDeath(message.BasicProperties);
        return new DeadLetter(headers.Id, reason, headers.Attempts, at, message.Body.Length);
    }
}
