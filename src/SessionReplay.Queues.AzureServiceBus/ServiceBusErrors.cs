using Amqp;

namespace SessionReplay.Queues.AzureServiceBus;

/// <summary>Says what happened and how to mend it.</summary>
internal static class ServiceBusErrors
{
    internal static QueueUnavailableException Unavailable(Exception cause) =>
        new($"Azure Service Bus did not confirm: {What(cause)} {Advice(cause)}", cause);

    internal static QueueUnavailableException LockLost(string messageId) => new(
        $"The lock of message {messageId} was lost before it was settled; the message is delivered again. "
        + "Make AzureServiceBusQueueOptions.LockRenewalInterval shorter or the queue's lock duration longer.");

    private static string What(Exception cause) =>
        cause is OperationCanceledException ? "there was no answer in time, or the connection has ended." : cause.Message;

    private static string Advice(Exception cause) => cause switch
    {
        ServiceBusRefusalException { Status: ServiceBusRefusalException.Unauthorized or ServiceBusRefusalException.Forbidden } => Credentials,
        AmqpException { Error.Condition: var condition } when Is(condition, ErrorCode.UnauthorizedAccess) => Credentials,
        AmqpException { Error.Condition: var condition } when Is(condition, ErrorCode.NotFound) =>
            "Create the queue, or correct AzureServiceBusQueueOptions.QueueName or the EntityPath of the connection string.",
        AmqpException { Error.Condition: var condition } when Is(condition, ErrorCode.ResourceLimitExceeded) =>
            "The queue is full or throttled: let workers empty it, or make it larger.",
        _ => "Check the Endpoint in AzureServiceBusQueueOptions.ConnectionString and the service's state, and try again.",
    };

    private const string Credentials =
        "Check SharedAccessKeyName and SharedAccessKey in AzureServiceBusQueueOptions.ConnectionString (or what the IServiceBusTokenProvider gives), "
        + "that the policy has the rights Send and Listen for this queue, and this machine's clock.";

    private static bool Is(object? condition, string code) => string.Equals(condition?.ToString(), code, StringComparison.Ordinal);
}
