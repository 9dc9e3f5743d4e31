using Amqp;
using Amqp.Framing;

namespace SessionReplay.Queues.AzureServiceBus;

/// <summary>Attaches links and waits for the peer's answer.</summary>
internal static class AmqpLinks
{
    /// <summary>Opens a link in a session of its own, which ends with it.</summary>
    /// <exception cref="AmqpException">The peer refused.</exception>
    internal static async Task<T> OpenAsync<T>(Connection connection, Func<Session, Task<T>> attach)
    {
        var session = new Session(connection);
        try
        {
            return await attach(session).ConfigureAwait(false);
        }
        catch
        {
            session.Close(TimeSpan.Zero);
            throw;
        }
    }

    internal static async Task<(SenderLink Link, ulong MaxMessageSize)> AttachSenderAsync(
        Session session, string address, CancellationToken cancellationToken)
    {
        var answer = NewAnswer();
        var name = NewName();
        var attach = new Attach
        {
            Source = new Source { Address = name },
            Target = new Target { Address = address },
            SndSettleMode = SenderSettleMode.Unsettled,
        };
        var link = new SenderLink(session, name, attach, (_, remote) => OnAttached(answer, remote, remote.Target));
        var accepted = await WaitAsync(link, answer, cancellationToken).ConfigureAwait(false);
        return (link, accepted.MaxMessageSize);
    }

    internal static async Task<ReceiverLink> AttachReceiverAsync(
        Session session, string address, string? target, CancellationToken cancellationToken)
    {
        var answer = NewAnswer();
        var attach = new Attach
        {
            Source = new Source { Address = address },
            Target = new Target { Address = target },

            // Unsettled is what Service Bus calls peek-lock.
            SndSettleMode = SenderSettleMode.Unsettled,
        };
        var link = new ReceiverLink(session, NewName(), attach, (_, remote) => OnAttached(answer, remote, remote.Source));
        await WaitAsync(link, answer, cancellationToken).ConfigureAwait(false);
        return link;
    }

    internal static string NewName() => "session-replay-" + Guid.CreateVersion7().ToString("N");

    private static TaskCompletionSource<Attach> NewAnswer() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A peer that refuses attaches without its end of the link, and says why when it detaches, which follows.</summary>
    private static void OnAttached(TaskCompletionSource<Attach> answer, Attach remote, object? end)
    {
        if (end is not null)
        {
            answer.TrySetResult(remote);
        }
    }

    private static Task<Attach> WaitAsync(Link link, TaskCompletionSource<Attach> answer, CancellationToken cancellationToken)
    {
        link.AddClosedCallback((_, error) =>
        {
            answer.TrySetException(
                error is null ? new AmqpException("amqp:link:detach-forced", "The peer closed the link.") : new AmqpException(error));
            link.Session.Close(TimeSpan.Zero);
        });
        return answer.Task.WaitAsync(cancellationToken);
    }
}
