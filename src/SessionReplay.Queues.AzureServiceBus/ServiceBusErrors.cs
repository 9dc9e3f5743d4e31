using Azure.Messaging.ServiceBus;

namespace SessionReplay.Queues.AzureServiceBus;

/// <summary>Says what happened and what to do about it.</summary>
internal static class ServiceBusErrors
{
    internal static bool IsLockLost(Exception? exception) =>
        exception is ServiceBusException { Reason: ServiceBusFailureReason.MessageLockLost or ServiceBusFailureReason.MessageNotFound };

    internal static QueueUnavailableException Unavailable(Exception cause)
    {
        var what = cause is OperationCanceledException ? "there was no answer in time, or the connection has ended." : cause.Message;
        return new($"Azure Service Bus did not confirm: {what} {Advice(cause)}", cause);
    }

    private static string Advice(Exception cause) => cause switch
    {
        UnauthorizedAccessException =>
            "Check SharedAccessKeyName and SharedAccessKey in AzureServiceBusQueueOptions.ConnectionString, "
            + "or the roles of the credential, that the policy has the rights Send and Listen for this queue, and this machine's clock. "
            + "Counting messages and creating the queue need the right Manage on the namespace.",
        ServiceBusException { Reason: ServiceBusFailureReason.MessagingEntityNotFound } =>
            "Create the queue, or correct AzureServiceBusQueueOptions.QueueName or the EntityPath of the connection string.",
        ServiceBusException { Reason: ServiceBusFailureReason.QuotaExceeded or ServiceBusFailureReason.ServiceBusy } =>
            "The queue is full or throttled: let workers empty it, discard dead letters, or make it larger.",
        _ when IsLockLost(cause) =>
            "The lock was lost before the message was settled, and the message is delivered again. "
            + "Make AzureServiceBusQueueOptions.LockRenewalInterval shorter or the queue's lock duration longer.",
        _ => "Check the endpoint in AzureServiceBusQueueOptions and the service's state, and try again.",
    };
}
