using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;
using Microsoft.Extensions.Logging;

namespace SessionReplay.Queues.AzureServiceBus;

/// <summary>
/// The clients, which repair their connections by themselves, and the queue, which is looked for once and created where it is missing.
/// Links that are open and do not answer are replaced, which the clients do not do.
/// </summary>
internal sealed class ServiceBusLink : IAsyncDisposable
{
    /// <summary>What the standard tier accepts, until the service has announced its limit.</summary>
    private const int UsualMessageBytes = 256 * 1024;
    private const int LargestMessageBytes = 1024 * 1024;

    /// <summary>Far above the adapter's own limit: the service also counts deliveries that a process gave back unsettled.</summary>
    private const int CreatedMaxDeliveryCount = 1000;
    private readonly Lock _lock = new();
    private readonly ServiceBusClients _clients;
    private readonly SharedWork<int> _finding;
    private long _replacedAt = long.MinValue;

    internal ServiceBusLink(AzureServiceBusQueueOptions options, IServiceProvider services, TimeProvider time, ILogger logger)
    {
        Options = options;
        Calls = new BrokerCalls(options.ConfirmTimeout, ServiceBusErrors.Unavailable, time, logger)
        {
            Connect = ConnectAsync, Failed = OnFailed, MaxPublishes = options.MaxUnconfirmedPublishes,
        };
        _finding = new SharedWork<int>(FindAsync, options.ConfirmTimeout, time);
        _clients = ServiceBusClients.Create(options, services);
        (Sender, Receiver) = (_clients.Client.CreateSender(_clients.Queue), CreateReceiver());
    }

    internal AzureServiceBusQueueOptions Options { get; }

    internal BrokerCalls Calls { get; }

    internal ServiceBusSender Sender { get; private set; }

    /// <summary>Gets the receiver, which also settles what an earlier one has received.</summary>
    internal ServiceBusReceiver Receiver { get; private set; }

    /// <summary>Gets the maximum size of a message, as far as it is known.</summary>
    internal int MaxMessageBytes { get; private set; } = UsualMessageBytes;

    private bool IsClosed => _clients.Client.IsClosed;

    private ServiceBusAdministrationClient? Creator => Options.CreateIfMissing ? _clients.Administration : null;

    internal ServiceBusReceiver CreateReceiver(SubQueue subQueue = SubQueue.None) =>
        _clients.Client.CreateReceiver(_clients.Queue, new ServiceBusReceiverOptions { SubQueue = subQueue });

    /// <summary>Puts another receiver in place of one that is closed.</summary>
    internal void ReopenReceiver()
    {
        lock (_lock)
        {
            Receiver = IsClosed ? Receiver : CreateReceiver();
        }
    }

    /// <summary>Counts the messages.</summary>
    /// <exception cref="QueueUnavailableException">The application has registered no administration client.</exception>
    internal async Task<QueueRuntimeProperties> CountAsync(CancellationToken cancellationToken)
    {
        var administration = _clients.Administration ?? throw new QueueUnavailableException(
            "Messages on Azure Service Bus cannot be counted. "
            + "Register a ServiceBusAdministrationClient under AzureServiceBusQueueOptions.ServiceKey.");
        return (await administration.GetQueueRuntimePropertiesAsync(_clients.Queue, cancellationToken).ConfigureAwait(false)).Value;
    }

    public async ValueTask DisposeAsync()
    {
        await Sender.DisposeAsync().ConfigureAwait(false);
        await Receiver.DisposeAsync().ConfigureAwait(false);
        if (Options.ServiceKey is null)
        {
            await _clients.Client.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Makes sure of the queue. Concurrent callers wait for one answer.</summary>
    private async ValueTask ConnectAsync(CancellationToken end)
    {
        await _finding.Start().WaitAsync(end).ConfigureAwait(false);
        end.ThrowIfCancellationRequested();
    }

    /// <summary>Puts new links in place of those that did not answer; of the calls that fail together, the first does it.</summary>
    private void OnFailed(Exception failure, long started)
    {
        if (failure is not (OperationCanceledException or ServiceBusException
            { Reason: ServiceBusFailureReason.ServiceTimeout or ServiceBusFailureReason.MessagingEntityNotFound }))
        {
            return;
        }

        lock (_lock)
        {
            if (started > _replacedAt && !IsClosed)
            {
                _replacedAt = Calls.Time.GetTimestamp();
                _ = CloseLaterAsync(Sender, Receiver);
                (Sender, Receiver) = (_clients.Client.CreateSender(_clients.Queue), CreateReceiver());
                _finding.Forget();
            }
        }
    }

    /// <summary>Closes links after the time that calls on them may still take.</summary>
    private async Task CloseLaterAsync(ServiceBusSender sender, ServiceBusReceiver receiver)
    {
        try
        {
            await Task.Delay(Options.ConfirmTimeout, Calls.Time).ConfigureAwait(false);
            using var limit = new CancellationTokenSource(Options.ConfirmTimeout, Calls.Time);
            await Task.WhenAll(sender.CloseAsync(limit.Token), receiver.CloseAsync(limit.Token)).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Log.CloseFailed(Calls.Logger, e);
        }
    }

    private async Task<int> FindAsync(CancellationToken end)
    {
        try
        {
            try
            {
                MaxMessageBytes = await ReadMaxMessageBytesAsync(end).ConfigureAwait(false);
            }
            catch (ServiceBusException e) when (e.Reason == ServiceBusFailureReason.MessagingEntityNotFound && Creator is not null)
            {
                await CreateAsync(Creator, end).ConfigureAwait(false);
                MaxMessageBytes = await ReadMaxMessageBytesAsync(end).ConfigureAwait(false);
            }

            BrokerTelemetry.Connects.Add(1);
            Log.Connected(Calls.Logger, _clients.Queue, MaxMessageBytes);
            return MaxMessageBytes;
        }
        catch (Exception e)
        {
            Log.ConnectFailed(Calls.Logger, e);
            throw;
        }
    }

    /// <summary>The service announces the limit when a link opens; the client passes it on as the size of an empty batch.</summary>
    private async Task<int> ReadMaxMessageBytesAsync(CancellationToken cancellationToken)
    {
        using var batch = await Sender.CreateMessageBatchAsync(cancellationToken).ConfigureAwait(false);
        return (int)Math.Min(LargestMessageBytes, batch.MaxSizeInBytes);
    }

    private async Task CreateAsync(ServiceBusAdministrationClient administration, CancellationToken cancellationToken)
    {
        var queue = new CreateQueueOptions(_clients.Queue)
        {
            LockDuration = Options.LockDuration, MaxDeliveryCount = CreatedMaxDeliveryCount, DeadLetteringOnMessageExpiration = true,
        };
        try
        {
            await administration.CreateQueueAsync(queue, cancellationToken).ConfigureAwait(false);
            Log.Created(Calls.Logger, _clients.Queue);
        }
        catch (ServiceBusException e) when (e.Reason == ServiceBusFailureReason.MessagingEntityAlreadyExists)
        {
            // Another process was first, with the same settings.
        }
    }
}
