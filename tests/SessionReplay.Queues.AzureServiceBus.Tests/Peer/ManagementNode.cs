using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace SessionReplay.Queues.AzureServiceBus.Tests.Peer;

/// <summary>Answers what is asked of <c>QUEUE/$management</c>.</summary>
internal static class ManagementNode
{
    public static Message Answer(StoredQueue queue, Message request, Transactions transactions, byte[]? transaction)
    {
        var body = (Map)request.Body;
        switch (request.ApplicationProperties["operation"])
        {
            case "com.microsoft:renew-lock":
                return queue.Renew((Guid[])body["lock-tokens"]) is { } until
                    ? Status(200, null, new Map { ["expirations"] = new[] { until.UtcDateTime } })
                    : Gone();
            case "com.microsoft:update-disposition":
                DeliveryState outcome = (string)body["disposition-status"] switch
                {
                    "completed" => new Accepted(),
                    "abandoned" => new Modified { DeliveryFailed = true, MessageAnnotations = PropertiesToModify(body) },
                    "suspended" => new Rejected { Error = new Error("com.microsoft:dead-letter") { Info = DeadLetterInfo(body) } },
                    _ => throw new AmqpException(ErrorCode.InvalidField, "disposition-status"),
                };
                var token = ((Guid[])body["lock-tokens"]).Single();
                if (transaction is null)
                {
                    return queue.Settle(token, outcome) ? Status(200, null) : Gone();
                }

                transactions.AddSettlement(transaction, () => queue.Settle(token, outcome));
                return queue.Holds(token) ? Status(200, null) : Gone();
            case "com.microsoft:peek-message":
                var messages = queue.Peek((long)body["from-sequence-number"], (int)body["message-count"]);
                var list = new List();
                list.AddRange(messages.Select(message => new Map { ["message"] = message }));
                return messages.Length == 0 ? Status(204, null) : Status(200, null, new Map { ["messages"] = list });
            default:
                return Status(400, "unknown operation");
        }
    }

    private static Message Gone()
    {
        var answer = Status(410, "MessageLockLost");
        answer.ApplicationProperties["errorCondition"] = (Symbol)"com.microsoft:message-lock-lost";
        return answer;
    }

    private static Fields PropertiesToModify(Map body)
    {
        var fields = new Fields();
        foreach (var (name, value) in body["properties-to-modify"] as Map ?? [])
        {
            fields[(Symbol)(string)name] = value;
        }

        return fields;
    }

    private static Fields DeadLetterInfo(Map body)
    {
        var info = PropertiesToModify(body);
        info[(Symbol)"DeadLetterReason"] = body["deadletter-reason"];
        info[(Symbol)"DeadLetterErrorDescription"] = body["deadletter-description"];
        return info;
    }

    private static Message Status(int code, string? description, Map? body = null)
    {
        var response = new Message(body ?? []) { ApplicationProperties = new ApplicationProperties() };
        response.ApplicationProperties["statusCode"] = code;
        response.ApplicationProperties["statusDescription"] = description;
        return response;
    }
}
