using Amqp;
using Amqp.Framing;

namespace SessionReplay.Queues.AzureServiceBus.Tests.Peer;

/// <summary>Takes tokens at <c>$cbs</c>.</summary>
internal sealed class CbsNode(IReadOnlyList<SasPolicy> policies)
{
    private static readonly SasPolicy Bearer = new("bearer", "");

    /// <summary>Tokens of an identity provider that are good.</summary>
    public List<string> GoodTokens { get; } = [];

    public int TokensTaken;

    public Message Answer(ClientState client, Message request)
    {
        var properties = request.ApplicationProperties;
        var audience = (string)properties["name"];
        var refusal = "unknown type of token";
        var policy = Bearer;
        DateTimeOffset expiry = default;
        if (properties["type"] is "servicebus.windows.net:sastoken")
        {
            refusal = SasPolicy.Refuse(policies, (string)request.Body, audience, out policy, out expiry);
        }
        else if (properties["type"] is "jwt")
        {
            refusal = GoodTokens.Contains((string)request.Body) ? null : "InvalidToken";
            expiry = new DateTimeOffset((DateTime)properties["expiration"], TimeSpan.Zero);
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
