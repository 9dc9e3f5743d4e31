using System.Globalization;
using Microsoft.Extensions.Logging;

namespace SessionReplay.Pipeline.Resilience;

/// <summary>
/// A log whose lines about a dependency that is away are bounded by <see cref="OutageLines"/>. Everything else goes through.
/// </summary>
internal sealed class OutageLogger<T>(ILoggerFactory factory, OutageLines lines) : ILogger<T>
{
    private readonly ILogger _inner = factory.CreateLogger<T>();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => _inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => _inner.IsEnabled(logLevel);

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (exception is null || logLevel < LogLevel.Warning || Dependency.Of(exception) is not { } dependency)
        {
            _inner.Log(logLevel, eventId, state, exception, formatter);
        }
        else if (lines.TryTake(dependency, out var held, out var isFirst))
        {
            var more = held == 0
                ? string.Empty
                : string.Create(CultureInfo.InvariantCulture, $" ({held} more of the {dependency.Name} since the last line)");
            _inner.Log(
                logLevel, eventId, state, isFirst ? exception : null,
                (text, _) => isFirst ? $"{formatter(text, exception)}{more}" : $"{formatter(text, exception)} {exception.Message}{more}");
        }
    }
}
