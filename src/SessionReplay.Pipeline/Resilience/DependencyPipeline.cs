using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Timeout;

namespace SessionReplay.Pipeline.Resilience;

/// <summary>
/// What every call to one dependency goes through: at most so many at the same time, each within its time, repeated where it may be, and
/// withheld while the dependency is known to be away. What it refuses it refuses with the error of the dependency's own contract.
/// </summary>
internal sealed partial class DependencyPipeline : IDisposable
{
    private static readonly ResiliencePropertyKey<TimeSpan> TimeKey = new("SessionReplay.Time");
    private static readonly TimeSpan WhenFull = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan OperatorTime = TimeSpan.FromMinutes(10);

    private readonly DependencyResilienceOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly KeyValuePair<string, object?> _tag;
    private readonly CircuitBreakerStateProvider _state = new();
    private readonly ConcurrencyLimiter _limiter;
    private readonly ResiliencePipeline _breaker;
    private readonly ResiliencePipeline _bounded;
    private readonly ResiliencePipeline _once;
    private readonly ResiliencePipeline _repeated;
    private long _openUntil;

    public DependencyPipeline(Dependency dependency, DependencyResilienceOptions options, TimeProvider clock, ILogger logger)
    {
        Dependency = dependency;
        _options = options;
        _clock = clock;
        _logger = logger;
        _tag = new("sessionreplay.dependency", dependency.Id);
        _limiter = new(
            new() { PermitLimit = options.MaxConcurrency, QueueLimit = options.MaxQueued,
                QueueProcessingOrder = QueueProcessingOrder.OldestFirst });
        _breaker = Builder().AddCircuitBreaker(Breaker()).Build();
        _bounded = Builder().AddTimeout(Time()).Build();
        _once = Builder().AddRateLimiter(Limit()).AddPipeline(_breaker).AddPipeline(_bounded).Build();
        _repeated = options.MaxRetries == 0
            ? _once
            : Builder().AddRateLimiter(Limit()).AddRetry(Repetition()).AddPipeline(_breaker).AddPipeline(_bounded).Build();
    }

    public Dependency Dependency { get; }

    public BreakerState State => _state.CircuitState switch
    {
        Polly.CircuitBreaker.CircuitState.Closed => BreakerState.Closed,
        // Polly stays open until the next call. Without traffic there is none, and a probe that keeps traffic away would keep it open for
        // ever.
        Polly.CircuitBreaker.CircuitState.Open when RemainingBreak > TimeSpan.Zero => BreakerState.Open,
        _ => BreakerState.HalfOpen,
    };

    /// <summary>How long calls will be withheld yet.</summary>
    public TimeSpan RemainingBreak
    {
        get
        {
            var remaining = Interlocked.Read(ref _openUntil) - _clock.GetUtcNow().UtcTicks;
            return remaining > 0 ? TimeSpan.FromTicks(remaining) : TimeSpan.Zero;
        }
    }

    /// <summary>The time of each step of a reading that has begun.</summary>
    public TimeSpan StepTime => _options.Timeout;

    /// <summary>The time of what an operator asks for by hand.</summary>
    public TimeSpan LongTime => _options.Timeout > OperatorTime ? _options.Timeout : OperatorTime;

    /// <summary>The time of a transfer.</summary>
    public TimeSpan TransferTime(long bytes) => _options.Timeout + TimeSpan.FromSeconds(bytes / (1024d * 1024));

    /// <summary>Makes a call that may be repeated.</summary>
    public ValueTask<TResult> RepeatAsync<TState, TResult>(
        TState state, Func<TState, CancellationToken, ValueTask<TResult>> call, CancellationToken cancellationToken,
        TimeSpan? time = null) =>
        RunAsync(_repeated, state, call, cancellationToken, time);

    /// <summary>Makes a call that may be repeated.</summary>
    public ValueTask RepeatAsync<TState>(
        TState state, Func<TState, CancellationToken, ValueTask> call, CancellationToken cancellationToken, TimeSpan? time = null) =>
        RunAsync(_repeated, state, call, cancellationToken, time);

    /// <summary>Makes a call once.</summary>
    public ValueTask<TResult> OnceAsync<TState, TResult>(
        TState state, Func<TState, CancellationToken, ValueTask<TResult>> call, CancellationToken cancellationToken,
        TimeSpan? time = null) =>
        RunAsync(_once, state, call, cancellationToken, time);

    /// <summary>Makes a call once.</summary>
    public ValueTask OnceAsync<TState>(
        TState state, Func<TState, CancellationToken, ValueTask> call, CancellationToken cancellationToken, TimeSpan? time = null) =>
        RunAsync(_once, state, call, cancellationToken, time);

    /// <summary>Makes a call within its time and in any state.</summary>
    public ValueTask<TResult> BoundAsync<TState, TResult>(
        TState state, Func<TState, CancellationToken, ValueTask<TResult>> call, CancellationToken cancellationToken) =>
        RunAsync(_bounded, state, call, cancellationToken, null);

    /// <summary>Makes a call within its time and in any state.</summary>
    public ValueTask BoundAsync<TState>(
        TState state, Func<TState, CancellationToken, ValueTask> call, CancellationToken cancellationToken) =>
        RunAsync(_bounded, state, call, cancellationToken, null);

    /// <summary>Refuses what would be withheld, before anything is spent on it.</summary>
    public void ThrowIfOpen()
    {
        if (State == BreakerState.Open)
        {
            throw Withheld(null, RemainingBreak);
        }
    }

    /// <summary>Counts a failure of what was not called through here.</summary>
    public async ValueTask ReportFailureAsync(Exception error)
    {
        var context = ResilienceContextPool.Shared.Get(false, CancellationToken.None);
        await _breaker.ExecuteOutcomeAsync(static (_, e) => ValueTask.FromResult(Outcome.FromException<bool>(e)), context, error)
            .ConfigureAwait(false);
        ResilienceContextPool.Shared.Return(context);
    }

    /// <summary>
    /// Says that the dependency has answered what was not called through here: an open breaker whose break is over closes.
    /// </summary>
    public async ValueTask ReportSuccessAsync()
    {
        if (_state.CircuitState != Polly.CircuitBreaker.CircuitState.Closed)
        {
            var context = ResilienceContextPool.Shared.Get(false, CancellationToken.None);
            await _breaker.ExecuteOutcomeAsync(static (_, _) => ValueTask.FromResult(Outcome.FromResult(true)), context, 0)
                .ConfigureAwait(false);
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>
    /// Makes the limit of a reading's steps: set to <see cref="StepTime"/> for each step that has to wait, and off in between.
    /// </summary>
    public CancellationTokenSource CreateLimit()
    {
        // Only a source that is made with a time keeps to this clock.
        var limit = new CancellationTokenSource(StepTime, _clock);
        limit.CancelAfter(Timeout.InfiniteTimeSpan);
        return limit;
    }

    /// <summary>Counts a step of a reading that did not end in time.</summary>
    public void CountTimeout() => Telemetry.DependencyTimeouts.Add(1, _tag);

    public void Dispose() => _limiter.Dispose();

    private async ValueTask<TResult> RunAsync<TState, TResult>(
        ResiliencePipeline pipeline, TState state, Func<TState, CancellationToken, ValueTask<TResult>> call,
        CancellationToken cancellationToken, TimeSpan? time)
    {
        var context = Context(time, cancellationToken);
        try
        {
            return await pipeline.ExecuteAsync(
                static (context, run) => run.Call(run.State, context.CancellationToken), context, (Call: call, State: state))
                .ConfigureAwait(false);
        }
        catch (Exception e) when (Translate(e) is { } translated)
        {
            throw translated;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async ValueTask RunAsync<TState>(
        ResiliencePipeline pipeline, TState state, Func<TState, CancellationToken, ValueTask> call, CancellationToken cancellationToken,
        TimeSpan? time)
    {
        var context = Context(time, cancellationToken);
        try
        {
            await pipeline.ExecuteAsync(
                static (context, run) => run.Call(run.State, context.CancellationToken), context, (Call: call, State: state))
                .ConfigureAwait(false);
        }
        catch (Exception e) when (Translate(e) is { } translated)
        {
            throw translated;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private static ResilienceContext Context(TimeSpan? time, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(false, cancellationToken);
        if (time is { } given)
        {
            context.Properties.Set(TimeKey, given);
        }

        return context;
    }

    /// <returns>The error of the dependency's contract for an error of the pipeline; <see langword="null"/> for one of the adapter, which
    /// stays as it is.</returns>
    private Exception? Translate(Exception error) => error switch
    {
        BrokenCircuitException e => Withheld(e.InnerException, e.RetryAfter ?? RemainingBreak),
        RateLimiterRejectedException => Rejected(
            "full", $"Too many calls to the {Dependency.Name} are under way and waiting.", null, WhenFull),
        TimeoutRejectedException e => Dependency.Unavailable(
            string.Create(
                CultureInfo.InvariantCulture,
                $"The {Dependency.Name} did not answer within {e.Timeout}. If it is only slow, raise SessionReplay:Resilience:{Dependency.Section}:Timeout."),
            e, null),
        _ => null,
    };

    private Exception Withheld(Exception? cause, TimeSpan retryAfter) => Rejected(
        "open",
        string.Create(
            CultureInfo.InvariantCulture,
            $"The {Dependency.Name} is unavailable and is not called for the next {Math.Max(1, Math.Ceiling(retryAfter.TotalSeconds))} seconds."),
        cause,
        retryAfter > TimeSpan.Zero ? retryAfter : WhenFull);

    private Exception Rejected(string reason, string message, Exception? cause, TimeSpan retryAfter)
    {
        Telemetry.DependencyRejections.Add(1, _tag, new("sessionreplay.reason", reason));
        return Dependency.Unavailable(message, cause, retryAfter);
    }
}
