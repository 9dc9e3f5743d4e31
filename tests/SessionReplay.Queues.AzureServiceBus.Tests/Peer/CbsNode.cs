using Amqp;
using Amqp.Framing;

namespace SessionReplay.Queues.AzureServiceBus.Tests.Peer;

/// <summary>Takes tokens at <c>$cbs</c>.</summary>
internal sealed class CbsNode(IReadOnlyList<SasPolicy> policies)
{
    public int TokensTaken;

    public Message Answer(ClientState client, Message request)
    {
        var properties = request.ApplicationProperties;
        var audience = (string)properties["name"];
        var refusal = "unknown type of token";
        SasPolicy? policy = null;
        DateTimeOffset expiry = default;
        if (properties["type"] is "servicebus.windows.net:sastoken")
        {
            refusal = SasPolicy.Refuse(policies, (string)request.Body, audience, out policy, out expiry);
        }

        if (refusal is null)
        {
            client.Put(new Uri(audience).AbsolutePath, policy!, expiry);
            Interlocked.Increment(ref TokensTaken);
        }

        var response = new Message { ApplicationProperties = new ApplicationProperties() };
        response.ApplicationProperties["status-code"] = refusal is null ? 202 : 401;
        response.ApplicationProperties["status-description"] = refusal ?? "Accepted";
        return response;
    }
}
