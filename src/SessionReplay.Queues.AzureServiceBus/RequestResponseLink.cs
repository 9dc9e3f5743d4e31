using System.Collections.Concurrent;
using System.Globalization;
using Amqp;
using Amqp.Framing;

namespace SessionReplay.Queues.AzureServiceBus;

/// <summary>A pair of links to a node that answers requests, such as <c>$cbs</c> and <c>QUEUE/$management</c>.</summary>
internal sealed class RequestResponseLink
{
    private const int Credit = 50;
    private const int LeastErrorStatus = 400;
    private const int MaxDescriptionLength = 300;
    private readonly ConcurrentDictionary<string, TaskCompletionSource<Message>> _waiting = new();
    private readonly string _replyTo = AmqpLinks.NewName();
    private readonly string _node;
    private SenderLink? _requests;
    private ReceiverLink? _responses;
    private long _lastId;

    private RequestResponseLink(string node) => _node = node;

    internal bool IsClosed => _requests!.IsClosed || _responses!.IsClosed;

    internal static Task<RequestResponseLink> OpenAsync(Connection connection, string node, CancellationToken cancellationToken) =>
        AmqpLinks.OpenAsync(connection, async session =>
        {
            var link = new RequestResponseLink(node);
            link._responses = await AmqpLinks.AttachReceiverAsync(session, node, link._replyTo, cancellationToken).ConfigureAwait(false);
            (link._requests, _) = await AmqpLinks.AttachSenderAsync(session, node, cancellationToken).ConfigureAwait(false);
            link._responses.Start(Credit, link.OnResponse);
            link._requests.AddClosedCallback(link.OnClosed);
            link._responses.AddClosedCallback(link.OnClosed);
            return link;
        });

    /// <summary>Sends a request and waits for its answer.</summary>
    /// <exception cref="ServiceBusRefusalException">The node answered that it did not do it.</exception>
    internal async Task<Message> CallAsync(Message request, CancellationToken cancellationToken)
    {
        var id = Interlocked.Increment(ref _lastId).ToString(CultureInfo.InvariantCulture);
        request.Properties = new Properties { MessageId = id, ReplyTo = _replyTo };
        var answer = new TaskCompletionSource<Message>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[id] = answer;
        try
        {
            _requests!.Send(request, null, (_, _, outcome, _) => OnOutcome(answer, outcome), null);
            if (IsClosed)
            {
                OnClosed(null, _requests.Error);
            }

            var response = await answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            ThrowIfRefused(response);
            return response;
        }
        finally
        {
            _waiting.TryRemove(id, out _);
        }
    }

    private static void OnOutcome(TaskCompletionSource<Message> answer, Outcome outcome)
    {
        if (outcome is not Accepted)
        {
            answer.TrySetException(Undelivered((outcome as Rejected)?.Error));
        }
    }

    private static AmqpException Undelivered(Error? error) => error is null
        ? new AmqpException("amqp:link:detach-forced", "The link ended before the request was answered.")
        : new AmqpException(error);

    private void OnResponse(IReceiverLink link, Message response)
    {
        link.Accept(response);
        if (response.Properties?.GetCorrelationId()?.ToString() is { } id && _waiting.TryRemove(id, out var answer))
        {
            answer.TrySetResult(response);
        }
    }

    private void OnClosed(IAmqpObject? sender, Error? error)
    {
        foreach (var answer in _waiting.Values)
        {
            answer.TrySetException(Undelivered(error));
        }
    }

    /// <summary>The node for tokens and those for management write the names of the status differently.</summary>
    private void ThrowIfRefused(Message response)
    {
        var properties = response.ApplicationProperties?.Map;
        var status = (int)Math.Max(MessageHeaders.Number(properties, "statusCode"), MessageHeaders.Number(properties, "status-code"));
        if (status >= LeastErrorStatus)
        {
            var description = MessageHeaders.Text(properties, "statusDescription") ?? MessageHeaders.Text(properties, "status-description") ?? "";
            throw new ServiceBusRefusalException(
                _node, status, description.Length <= MaxDescriptionLength ? description : description[..MaxDescriptionLength]);
        }
    }
}
