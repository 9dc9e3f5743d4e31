using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using SessionReplay.Queues;
using SessionReplay.Testing;

namespace SessionReplay.Shared.Tests.Queues;

public sealed class QueueRegistrationTests
{
    private readonly TestBuilder _builder = new();

    [Fact]
    public async Task AddQueue_Resolved_IsAllThatAQueueIs()
    {
        Assert.Same(_builder, _builder.AddQueue<FakeQueue, FakeOptions>("Fake", new FakeOptionsValidator(), null));

        await using var provider = _builder.Services.BuildServiceProvider();
        var queue = provider.GetRequiredService<FakeQueue>();
        Assert.Same(queue, provider.GetRequiredService<IMessageQueue>());
        Assert.Same(queue, provider.GetRequiredService<IDeadLetterQueue>());
        Assert.Same(queue, provider.GetRequiredService<IQueueMonitor>());
        Assert.Same(TimeProvider.System, provider.GetRequiredService<TimeProvider>());
        var check = Assert.Single(provider.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations);
        Assert.Equal("session-replay-queue-fake", check.Name);
        Assert.Equal(["ready", "session-replay"], check.Tags.Order());
    }

    [Fact]
    public async Task AddQueue_OptionOutOfRange_IsRefused()
    {
        _builder.AddQueue<FakeQueue, FakeOptions>("Fake", new FakeOptionsValidator(), options => options.Count = 0);

        await using var provider = _builder.Services.BuildServiceProvider();
        var refusal = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IOptions<FakeOptions>>().Value);
        Assert.Equal("Count is 0", Assert.Single(refusal.Failures));
    }

    [Fact]
    public async Task CheckHealth_QueueReports_IsHealthyAndSaysHowFullItIs()
    {
        var result = await CheckAsync(new FakeQueue { Status = () => new QueueStatus(3, 2, 1, null) });

        Assert.Equal((HealthStatus.Healthy, "3 ready, 2 in flight, 1 dead letters"), (result.Status, result.Description));
    }

    [Fact]
    public async Task CheckHealth_QueueUnavailable_HasTheStatusOfTheRegistration()
    {
        var result = await CheckAsync(new FakeQueue { Status = () => throw new QueueUnavailableException("away") });

        Assert.Equal((HealthStatus.Degraded, "away"), (result.Status, result.Description));
    }

    private static Task<HealthCheckResult> CheckAsync(FakeQueue queue)
    {
        var check = new QueueHealthCheck<FakeQueue>(queue);
        var context = new HealthCheckContext { Registration = new HealthCheckRegistration("queue", check, HealthStatus.Degraded, []) };
        return check.CheckHealthAsync(context);
    }

    internal sealed class FakeOptions
    {
        public int Count { get; set; } = 1;
    }

    private sealed class FakeOptionsValidator : IValidateOptions<FakeOptions>
    {
        public ValidateOptionsResult Validate(string? name, FakeOptions options) =>
            options.Count > 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail($"Count is {options.Count}");
    }

    private sealed class FakeQueue : IMessageQueue, IDeadLetterQueue, IQueueMonitor
    {
        public Func<QueueStatus> Status { get; init; } = () => default;

        public int MaxMessageBytes => 1;

        public ValueTask PublishAsync(QueueMessage message, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<IQueueDelivery>> ReceiveAsync(int maxMessages, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<IReadOnlyList<DeadLetter>> ListAsync(int limit, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<int> RedriveAsync(int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<int> DiscardAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<QueueStatus> GetStatusAsync(CancellationToken cancellationToken) => ValueTask.FromResult(Status());
    }
}
