using System.Collections;
using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace SessionReplay.Queues.AzureServiceBus;

/// <summary>Asks the management node of a queue, which answers.</summary>
internal sealed class ServiceBusManagement(Connection connection, string entity, TimeSpan timeout)
{
    private readonly Reopening<RequestResponseLink> _node = new(
        end => RequestResponseLink.OpenAsync(connection, entity + "/$management", end), link => link.IsClosed, timeout);

    /// <summary>Holds messages for another lock duration.</summary>
    /// <exception cref="ServiceBusRefusalException">A lock is lost, which one is not said.</exception>
    internal Task RenewLocksAsync(Guid[] lockTokens, CancellationToken cancellationToken) =>
        CallAsync("com.microsoft:renew-lock", new Map { ["lock-tokens"] = lockTokens }, cancellationToken);

    /// <summary>Gives locked messages back. Other than over the link they came by, this works when that link is closed.</summary>
    internal Task AbandonAsync(Guid[] lockTokens, CancellationToken cancellationToken) => CallAsync(
        "com.microsoft:update-disposition",
        new Map { ["disposition-status"] = "abandoned", ["lock-tokens"] = lockTokens },
        cancellationToken);

    /// <summary>Looks at messages without locking them.</summary>
    /// <param name="fromSequenceNumber">Where to begin.</param>
    /// <param name="count">How many at most; there may be more when there are fewer.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The messages by sequence number; none when there are none from there on.</returns>
    internal async Task<IReadOnlyList<Message>> PeekAsync(long fromSequenceNumber, int count, CancellationToken cancellationToken)
    {
        Message response;
        try
        {
            response = await CallAsync(
                "com.microsoft:peek-message",
                new Map { ["from-sequence-number"] = fromSequenceNumber, ["message-count"] = count },
                cancellationToken).ConfigureAwait(false);
        }
        catch (ServiceBusRefusalException e) when (e.Status == ServiceBusRefusalException.NotFound)
        {
            return [];
        }

        return response.Body is Map body && body["messages"] is IEnumerable messages
            ? [.. messages.OfType<Map>().Select(map => map["message"]).OfType<byte[]>().Select(Decode)]
            : [];
    }

    private static Message Decode(byte[] encoded) => Message.Decode(new ByteBuffer(encoded, 0, encoded.Length, encoded.Length));

    private async Task<Message> CallAsync(string operation, Map body, CancellationToken cancellationToken)
    {
        var request = new Message(body) { ApplicationProperties = new ApplicationProperties() };
        request.ApplicationProperties["operation"] = operation;
        request.ApplicationProperties["com.microsoft:server-timeout"] = (uint)timeout.TotalMilliseconds;
        var node = await _node.GetAsync(cancellationToken).ConfigureAwait(false);
        return await node.CallAsync(request, cancellationToken).ConfigureAwait(false);
    }
}
