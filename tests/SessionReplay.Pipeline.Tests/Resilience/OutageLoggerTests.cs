using System.Collections.Concurrent;
using System.Net;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;
using SessionReplay.Pipeline.Keys;
using SessionReplay.Pipeline.Resilience;
using SessionReplay.Queues;
using SessionReplay.Storage;

namespace SessionReplay.Pipeline.Tests.Resilience;

public sealed class OutageLoggerTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly CollectingLoggers _log = new();

    [Fact]
    public void Log_OutageOfHours_OneLineAMinuteAndDependencyAndOneTrace()
    {
        using var factory = LoggerFactory.Create(builder => builder.AddProvider(_log));
        var lines = new OutageLines(_clock);
        var (first, second) = (new OutageLogger<OutageLoggerTests>(factory, lines), new OutageLogger<string>(factory, lines));
        for (var second10 = 0; second10 < 6 * 60 * 3; second10++)
        {
            SessionReplay.Pipeline.Worker.Log.GroupGivenBack(
                first, 1, new QueueUnavailableException("The queue is away.", new IOException("refused")));
            SessionReplay.Pipeline.Lifecycle.Log.SweepFailed(second, new QueueUnavailableException("The queue is away."));
            SessionReplay.Pipeline.Lifecycle.Log.SweepFailed(second, new BlobStoreUnavailableException("The store is away."));
            _clock.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.Equal(2 * 60 * 3, _log.Lines.Count);
        Assert.Equal(2, _log.Lines.Count(line => line.Exception is not null));
        Assert.EndsWith(
            "The queue is away. (11 more of the queue since the last line)",
            _log.Lines.Last(line => line.Text.Contains("queue", StringComparison.Ordinal)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Log_NoOutage_GoesThrough()
    {
        using var factory = LoggerFactory.Create(builder => builder.AddProvider(_log));
        var logger = new OutageLogger<OutageLoggerTests>(factory, new OutageLines(_clock));
        for (var i = 0; i < 5; i++)
        {
            SessionReplay.Pipeline.Worker.Log.MessageFailed(logger, "m", new InvalidOperationException("A defect."));
        }

        Assert.Equal(5, _log.Lines.Count(line => line.Exception is InvalidOperationException));
    }

    /// <summary>Who logs errors of dependencies gets the bounded log; a new class must be added to the registration.</summary>
    [Fact]
    public async Task Loggers_OfThePackages_AreBounded()
    {
        string[] atTheStartOnly = ["StartupCheck", "PlaybackCheck", "AdapterCheck", "MappingCheck", nameof(KeyManagementStart)];
        await using var host = await FullHost.StartAsync();
        var loggers =
            from assembly in new[] { typeof(DependencyPipeline).Assembly, typeof(SessionReplayOptions).Assembly }
            from type in assembly.GetTypes()
            from constructor in type.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
            from parameter in constructor.GetParameters()
            where parameter.ParameterType.IsConstructedGenericType
            && parameter.ParameterType.GetGenericTypeDefinition() == typeof(ILogger<>)
            select parameter.ParameterType;
        Assert.All(loggers.Distinct().Where(logger => !atTheStartOnly.Contains(logger.GetGenericArguments()[0].Name)), logger =>
            Assert.Equal(typeof(OutageLogger<>), host.Services.GetRequiredService(logger).GetType().GetGenericTypeDefinition()));
    }

    [Fact]
    public async Task Ingest_QueueIsAway_LogsALineAndNotOneForEachRequest()
    {
        var queue = Substitute.For<IMessageQueue>();
        queue.PublishAsync(default!, default)
            .ReturnsForAnyArgs(_ => ValueTask.FromException(new QueueUnavailableException("The queue is away.")));
        await using var host = await FullHost.StartAsync(
            configure: options => options.Roles = SessionReplayRoles.Ingest,
            build: (builder, replay) =>
            {
                replay.Services.AddSingleton(queue);
                builder.Logging.AddProvider(_log);
            });
        var session = BatchSamples.NewSession();
        for (uint seq = 0; seq < 40; seq++)
        {
            Assert.Equal(
                HttpStatusCode.ServiceUnavailable,
                await host.SendAsync(BatchSamples.Create(session, WindowId.Create(TimeProvider.System), seq)));
        }

        var lines =
            _log.Lines.Where(line => line.Level >= LogLevel.Warning && line.Category.StartsWith("SessionReplay", StringComparison.Ordinal))
                .ToList();
        // A slow machine may take more than a minute.
        Assert.InRange(lines.Count, 1, 3);
        Assert.Single(lines, line => line.Exception is not null);
    }

    private sealed record Line(string Category, LogLevel Level, string Text, Exception? Exception);

    private sealed class CollectingLoggers : ILoggerProvider
    {
        public ConcurrentQueue<Line> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => new CollectingLogger(categoryName, Lines);

        public void Dispose()
        {
        }
    }

    private sealed class CollectingLogger(string category, ConcurrentQueue<Line> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue(new(category, logLevel, formatter(state, exception), exception));
    }
}
