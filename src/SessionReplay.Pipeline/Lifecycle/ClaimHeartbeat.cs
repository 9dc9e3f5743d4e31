using Microsoft.Extensions.Logging;
using SessionReplay.Catalog;
using SessionReplay.Pipeline.Resilience;

namespace SessionReplay.Pipeline.Lifecycle;

/// <summary>
/// Keeps a claim while its session is worked on, so that a claim can be short and a process that dies holds a session for a moment only. A
/// process that loses its claim all the same, because it stood still, has its work ended; that it went on for a moment does no harm, for no
/// other writes to its object.
/// </summary>
internal sealed class ClaimHeartbeat : IAsyncDisposable
{
    /// <summary>How long a claim holds without a beat.</summary>
    public static readonly TimeSpan ClaimTime = TimeSpan.FromSeconds(30);

    /// <summary>A third, so that one beat may be late or lost.</summary>
    public static readonly TimeSpan Interval = ClaimTime / 3;

    private readonly CancellationTokenSource _held;
    private readonly CancellationTokenSource _done = new();
    private readonly Task _beating;

    private ClaimHeartbeat(
        [Guarded] ISessionLifecycle lifecycle, CompactionClaim claim, TimeProvider clock, ILogger logger,
        CancellationToken cancellationToken)
    {
        _held = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _beating = BeatAsync(lifecycle, claim, clock, logger);
    }

    /// <summary>Ends the work when the claim is lost.</summary>
    public CancellationToken Held => _held.Token;

    public bool IsLost { get; private set; }

    public static ClaimHeartbeat Start(
        ISessionLifecycle lifecycle, CompactionClaim claim, TimeProvider clock, ILogger logger, CancellationToken cancellationToken) =>
        new(lifecycle, claim, clock, logger, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _done.CancelAsync().ConfigureAwait(false);
        await _beating.ConfigureAwait(false);
        _done.Dispose();
        _held.Dispose();
    }

    private async Task BeatAsync(ISessionLifecycle lifecycle, CompactionClaim claim, TimeProvider clock, ILogger logger)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForTickOrStopAsync(_done.Token).ConfigureAwait(false))
        {
            try
            {
                if (!await lifecycle.RenewClaimAsync(claim, clock.GetUtcNow() + ClaimTime, _done.Token).ConfigureAwait(false))
                {
                    IsLost = true;
                    await _held.CancelAsync().ConfigureAwait(false);
                    return;
                }
            }
            catch (CatalogUnavailableException e)
            {
                // Without the catalog no other can take over either.
                Log.ClaimNotRenewed(logger, claim.Row.Session, e);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
