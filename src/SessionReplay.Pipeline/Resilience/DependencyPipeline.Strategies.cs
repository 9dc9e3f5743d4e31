using Polly;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Retry;
using Polly.Timeout;

namespace SessionReplay.Pipeline.Resilience;

/// <content>The strategies that its pipelines are made of.</content>
internal sealed partial class DependencyPipeline
{
    private ResiliencePipelineBuilder Builder() => new() { TimeProvider = _clock };

    private RateLimiterStrategyOptions Limit() => new() { RateLimiter = args => _limiter.AcquireAsync(1, args.Context.CancellationToken) };

    private TimeoutStrategyOptions Time() => new()
    {
        TimeoutGenerator = args => ValueTask.FromResult(args.Context.Properties.GetValue(TimeKey, _options.Timeout)),
        OnTimeout = _ =>
        {
            CountTimeout();
            return default;
        },
    };

    private RetryStrategyOptions Repetition() => new()
    {
        MaxRetryAttempts = _options.MaxRetries,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        Delay = _options.FirstDelay,
        MaxDelay = _options.MaxDelay,
        // A time-out is not repeated: the caller has waited long enough. Nor is what says itself when to call again.
        ShouldHandle = args => ValueTask.FromResult(
            args.Outcome.Exception is { } e && Dependency.IsFailure(e) && Dependency.RetryAfter(e) is null),
        OnRetry = args =>
        {
            Telemetry.DependencyRetries.Add(1, _tag);
            Log.CallRepeated(_logger, Dependency.Name, args.RetryDelay, args.Outcome.Exception);
            return default;
        },
    };

    private CircuitBreakerStrategyOptions Breaker() => new()
    {
        FailureRatio = _options.FailureRatio,
        MinimumThroughput = _options.MinimumThroughput,
        SamplingDuration = _options.SamplingDuration,
        BreakDuration = _options.BreakDuration,
        StateProvider = _state,
        // A probe whose caller went away has proven nothing: the breaker opens again.
        ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception is { } e
            && (e is TimeoutRejectedException || Dependency.IsFailure(e)
                || (e is OperationCanceledException && _state.CircuitState == Polly.CircuitBreaker.CircuitState.HalfOpen))),
        OnOpened = args =>
        {
            Interlocked.Exchange(ref _openUntil, (_clock.GetUtcNow() + args.BreakDuration).UtcTicks);
            // As an error of the dependency, so that it counts among its lines.
            var error = args.Outcome.Exception;
            Log.BreakerOpened(
                _logger, Dependency.Name, args.BreakDuration,
                error is not null && Dependency.Of(error) is not null
                    ? error
                    : Dependency.Unavailable(error?.Message ?? "It was closed by hand.", error, null));
            return default;
        },
        OnClosed = _ =>
        {
            Interlocked.Exchange(ref _openUntil, 0);
            Log.BreakerClosed(_logger, Dependency.Name);
            return default;
        },
    };
}
