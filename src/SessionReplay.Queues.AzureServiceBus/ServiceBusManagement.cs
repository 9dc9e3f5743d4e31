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

    /// <summary>Settles locked messages, which the service answers. Other than over the link they came by, this works when that link is closed.</summary>
    /// <exception cref="ServiceBusRefusalException">A lock is lost, which one is not said.</exception>
    internal Task SettleAsync(Guid[] lockTokens, Outcome outcome, CancellationToken cancellationToken)
    {
        var body = new Map { ["disposition-status"] = StatusOf(outcome), ["lock-tokens"] = lockTokens };
        if (outcome is Rejected { Error.Info: { } info })
        {
            body["deadletter-reason"] = info[(Symbol)ServiceBusDeadLetters.ReasonName];
            body["deadletter-description"] = info[(Symbol)ServiceBusDeadLetters.DescriptionName];
            var properties = new Map();
            foreach (var name in ServiceBusDeadLetters.OwnProperties)
            {
                properties[name] = info[(Symbol)name];
            }

            body["properties-to-modify"] = properties;
        }

        return CallAsync("com.microsoft:update-disposition", body, cancellationToken);
    }

    /// <summary>Locks a deferred message.</summary>
    /// <exception cref="ServiceBusRefusalException">There is none of this number, or it is locked, or not deferred.</exception>
    internal async Task<(Message Message, Guid LockToken)> ReceiveDeferredAsync(long sequenceNumber, CancellationToken cancellationToken)
    {
        var response = await CallAsync(
            "com.microsoft:receive-by-sequence-number",
            new Map { ["sequence-numbers"] = new[] { sequenceNumber }, ["receiver-settle-mode"] = (byte)ReceiverSettleMode.Second },
            cancellationToken).ConfigureAwait(false);
        return Messages(response).FirstOrDefault() is { } map && map["message"] is byte[] encoded && map["lock-token"] is Guid lockToken
            ? (Decode(encoded), lockToken)
            : throw new ServiceBusRefusalException(entity, ServiceBusRefusalException.NotFound, "there is no deferred message of this number");
    }

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

        return [.. Messages(response).Select(map => map["message"]).OfType<byte[]>().Select(Decode)];
    }

    private static IEnumerable<Map> Messages(Message response) =>
        response.Body is Map body && body["messages"] is IEnumerable messages ? messages.OfType<Map>() : [];

    /// <summary>The service's words for the outcomes that it knows on a link; "defered" is how it spells it.</summary>
    private static string StatusOf(Outcome outcome) => outcome switch
    {
        Accepted => "completed",
        Rejected => "suspended",
        Modified { UndeliverableHere: true } => "defered",
        _ => "abandoned",
    };

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
