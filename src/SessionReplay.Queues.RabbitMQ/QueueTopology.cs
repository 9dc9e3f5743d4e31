using System.Globalization;
using RabbitMQ.Client;

namespace SessionReplay.Queues.RabbitMQ;

/// <summary>
/// The queues of one logical queue, all of them quorum queues: the main one, one for each retry delay (messages wait there until their time
/// to live has passed and are dead-lettered back to the main one) and the dead letters. A queue per delay keeps a long delay from holding
/// up a short one.
/// </summary>
internal sealed class QueueTopology
{
    /// <summary>
    /// What a delivery limit has to be so that looking at a message never removes it (RabbitMQ 4 has a limit of 20 where none is set).
    /// </summary>
    private const int Unlimited = int.MaxValue;
    private readonly int _deliveryLimit;
    private readonly Dictionary<string, object?> _deadLimits;
    private readonly long[] _delays;

    internal QueueTopology(RabbitMQQueueOptions options)
    {
        Main = options.QueueName;
        Dead = options.QueueName + ".dead";
        _deliveryLimit = options.DeliveryLimit;
        _deadLimits = new()
        {
            ["x-delivery-limit"] = Unlimited,
            ["x-max-length"] = options.MaxDeadLetters,
            ["x-max-length-bytes"] = options.MaxDeadLetterBytes,
        };
        var delays = new List<long>();
        for (var attempt = 1; attempt < options.MaxAttempts; attempt++)
        {
            var computed = RetryDelay.Compute(attempt, options.FirstRetryDelay, options.MaxRetryDelay, jitter: 0);
            var delay = (long)Math.Ceiling(computed.TotalMilliseconds);
            if (delays.Count > 0 && delays[^1] == delay)
            {
                break;
            }

            delays.Add(delay);
        }

        _delays = [.. delays];
    }

    internal string Main { get; }

    internal string Dead { get; }

    internal IEnumerable<string> Retries => _delays.Select(RetryName);

    /// <summary>Gets the queue in which a message waits after an attempt that was not the last.</summary>
    internal string RetryAfter(int attempt) => RetryName(_delays[Math.Min(attempt, _delays.Length) - 1]);

    internal async Task DeclareAsync(IChannel channel, CancellationToken cancellationToken)
    {
        await DeclareAsync(channel, Dead, new(_deadLimits), cancellationToken).ConfigureAwait(false);
        var main = DeadLetterTo(Dead, new() { ["x-delivery-limit"] = _deliveryLimit });
        await DeclareAsync(channel, Main, main, cancellationToken).ConfigureAwait(false);
        foreach (var delay in _delays)
        {
            var retry = DeadLetterTo(Main, new() { ["x-message-ttl"] = delay });
            await DeclareAsync(channel, RetryName(delay), retry, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task DeclareAsync(
        IChannel channel, string name, Dictionary<string, object?> arguments, CancellationToken cancellationToken)
    {
        arguments["x-queue-type"] = "quorum";
        await channel.QueueDeclareAsync(
            name,
            durable: true,
            exclusive: false,
            autoDelete: false,
            arguments,
            cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// With the strategy at-least-once the broker keeps the message until the other queue has confirmed it; it asks for reject-publish.
    /// </summary>
    private static Dictionary<string, object?> DeadLetterTo(string queue, Dictionary<string, object?> arguments)
    {
        arguments["x-dead-letter-exchange"] = "";
        arguments["x-dead-letter-routing-key"] = queue;
        arguments["x-dead-letter-strategy"] = "at-least-once";
        arguments["x-overflow"] = "reject-publish";
        return arguments;
    }

    private string RetryName(long delay) => string.Create(CultureInfo.InvariantCulture, $"{Main}.retry.{delay}ms");
}
