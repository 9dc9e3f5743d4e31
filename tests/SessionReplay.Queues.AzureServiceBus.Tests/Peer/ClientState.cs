using System.Collections.Concurrent;
using Amqp;
using Amqp.Framing;
using Amqp.Listener;

namespace SessionReplay.Queues.AzureServiceBus.Tests.Peer;

/// <summary>What the server knows of one connection: its tokens, and the links they let in.</summary>
internal sealed class ClientState
{
    private readonly ConcurrentDictionary<string, (SasPolicy Policy, DateTimeOffset Expiry)> _tokens = new(
        StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<Link, string> _links = new();

    public ConcurrentDictionary<string, ListenerLink> Replies { get; } = new();

    public Transactions Transactions { get; } = new();

    public void Put(string path, SasPolicy policy, DateTimeOffset expiry) => _tokens[path.Trim('/')] = (policy, expiry);

    /// <summary>Finds the policy by which the client may use an entity.</summary>
    public SasPolicy? Authorize(string entity) => _tokens
        .Where(token => entity.StartsWith(token.Key, StringComparison.OrdinalIgnoreCase)
        && token.Value.Expiry > TimeProvider.System.GetUtcNow())
        .Select(token => token.Value.Policy)
        .FirstOrDefault();

    public void Add(Link link, string entity)
    {
        _links[link] = entity;
        link.AddClosedCallback((_, _) => _links.TryRemove(link, out _));
    }

    /// <summary>Closes links that were idle.</summary>
    public void DetachIdle(Func<Link, bool> which)
    {
        foreach (var link in _links.Keys.Where(which))
        {
            link.Close(TimeSpan.Zero, new Error(ErrorCode.DetachForced) { Description = "The link was idle for more than 10 minutes." });
        }
    }

    /// <summary>Closes the links whose tokens have expired.</summary>
    public void Tick()
    {
        foreach (var (link, entity) in _links)
        {
            if (Authorize(entity) is null)
            {
                link.Close(TimeSpan.Zero, new Error(ErrorCode.UnauthorizedAccess) { Description = "ExpiredToken" });
            }
        }
    }
}
