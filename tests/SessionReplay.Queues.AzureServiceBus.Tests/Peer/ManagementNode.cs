using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace SessionReplay.Queues.AzureServiceBus.Tests.Peer;

/// <summary>Answers what is asked of <c>QUEUE/$management</c>.</summary>
internal static class ManagementNode
{
    public static Message Answer(StoredQueue queue, Message request)
    {
        var body = (Map)request.Body;
        switch (request.ApplicationProperties["operation"])
        {
            case "com.microsoft:renew-lock":
                return queue.Renew((Guid[])body["lock-tokens"]) ? Status(200, null) : Status(410, "MessageLockLost");
            case "com.microsoft:update-disposition":
                DeliveryState outcome = (string)body["disposition-status"] switch
                {
                    "completed" => new Accepted(),
                    "abandoned" => new Modified { DeliveryFailed = true },
                    "defered" => new Modified { UndeliverableHere = true },
                    "suspended" => new Rejected { Error = new Error("com.microsoft:dead-letter") { Info = DeadLetterInfo(body) } },
                    _ => throw new AmqpException(ErrorCode.InvalidField, "disposition-status"),
                };
                return ((Guid[])body["lock-tokens"]).Count(token => !queue.Settle(token, outcome)) == 0 ? Status(200, null) : Status(410, "MessageLockLost");
            case "com.microsoft:receive-by-sequence-number":
                if ((byte)body["receiver-settle-mode"] != 1)
                {
                    return Status(400, "receiver-settle-mode");
                }

                return queue.LockDeferred(((long[])body["sequence-numbers"]).Single()) is { } deferred
                    ? Status(200, null, new Map
                    {
                        ["messages"] = new List { new Map { ["message"] = deferred.Encoded, ["lock-token"] = deferred.LockToken } },
                    })
                    : Status(404, "Failed to lock one or more specified messages. Either the message is already locked or does not exist.");
            case "com.microsoft:peek-message":
                var messages = queue.Peek((long)body["from-sequence-number"], (int)body["message-count"]);
                var list = new List();
                list.AddRange(messages.Select(message => new Map { ["message"] = message }));
                return messages.Length == 0 ? Status(204, null) : Status(200, null, new Map { ["messages"] = list });
            default:
                return Status(400, "unknown operation");
        }
    }

    private static Fields DeadLetterInfo(Map body)
    {
        var info = new Fields
        {
            [(Symbol)"DeadLetterReason"] = body["deadletter-reason"],
            [(Symbol)"DeadLetterErrorDescription"] = body["deadletter-description"],
        };
        foreach (var (name, value) in body["properties-to-modify"] as Map ?? [])
        {
            info[(Symbol)(string)name] = value;
        }

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
