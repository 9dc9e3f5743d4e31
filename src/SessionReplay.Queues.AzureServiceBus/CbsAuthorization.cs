using Amqp;
using Amqp.Framing;
using Microsoft.Extensions.Logging;

namespace SessionReplay.Queues.AzureServiceBus;

/// <summary>Puts tokens to the node <c>$cbs</c> of a connection, and puts new ones before they expire, for as long as the connection lives.</summary>
internal sealed class CbsAuthorization
{
    private const double Used = 0.75;
    private static readonly TimeSpan LeastDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan GreatestDelay = TimeSpan.FromHours(12);
    private static readonly TimeSpan GreatestRetryDelay = TimeSpan.FromSeconds(30);
    private readonly Reopening<RequestResponseLink> _node;
    private readonly TokenSource _tokens;
    private readonly string[] _audiences;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    internal CbsAuthorization(Connection connection, TokenSource tokens, string[] audiences, TimeSpan timeout, TimeProvider time, ILogger logger)
    {
        _node = new Reopening<RequestResponseLink>(
            end => RequestResponseLink.OpenAsync(connection, "$cbs", end), link => link.IsClosed, timeout);
        _tokens = tokens;
        _audiences = audiences;
        _timeout = timeout;
        _time = time;
        _logger = logger;
    }

    /// <summary>Puts the tokens.</summary>
    /// <returns>After which time to do it again.</returns>
    internal async Task<TimeSpan> PutAsync(CancellationToken cancellationToken)
    {
        var expiresAt = DateTimeOffset.MaxValue;
        foreach (var audience in _audiences)
        {
            var token = await _tokens.GetAsync(audience, cancellationToken).ConfigureAwait(false);
            var request = new Message(token.Value) { ApplicationProperties = new ApplicationProperties() };
            request.ApplicationProperties["operation"] = "put-token";
            request.ApplicationProperties["type"] = _tokens.Type;
            request.ApplicationProperties["name"] = audience;
            request.ApplicationProperties["expiration"] = token.ExpiresAt.UtcDateTime;
            var node = await _node.GetAsync(cancellationToken).ConfigureAwait(false);
            await node.CallAsync(request, cancellationToken).ConfigureAwait(false);
            expiresAt = token.ExpiresAt < expiresAt ? token.ExpiresAt : expiresAt;
        }

        var delay = (expiresAt - _time.GetUtcNow()) * Used;
        return delay < LeastDelay ? LeastDelay : delay > GreatestDelay ? GreatestDelay : delay;
    }

    /// <summary>Renews until the connection ends.</summary>
    internal async Task KeepAsync(TimeSpan delay, CancellationToken ended)
    {
        var failures = 0;
        while (true)
        {
            try
            {
                await Task.Delay(delay, _time, ended).ConfigureAwait(false);
                using var limit = new CancellationTokenSource(_timeout, _time);
                using var end = CancellationTokenSource.CreateLinkedTokenSource(ended, limit.Token);
                delay = await PutAsync(end.Token).ConfigureAwait(false);
                failures = 0;
                Log.TokenRenewed(_logger, delay);
            }
            catch (OperationCanceledException) when (ended.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // The service ends the links when the token expires; until then this goes on.
                delay = RetryDelay.Compute(++failures, LeastDelay, GreatestRetryDelay, Random.Shared.NextDouble());
                Log.TokenRenewalFailed(_logger, delay, e);
            }
        }
    }
}
