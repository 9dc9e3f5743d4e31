using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using SessionReplay.Queues.AzureServiceBus.Tests.Peer;
using SessionReplay.Testing;

namespace SessionReplay.Queues.AzureServiceBus.Tests;

public sealed class AzureServiceBusQueueBuilderExtensionsTests : ServiceBusTestBase
{
    private const string Check = "session-replay-queue-azureservicebus";

    [Fact]
    public async Task HealthCheck_PolicyWithoutManage_IsHealthyAndSaysSo()
    {
        var options = Options();
        options.ConnectionString = Server.ConnectionStringOf(Server.AddPolicy(new SasPolicy("worker", "a2V5", Manage: false))) + ";EntityPath=" + QueueName;
        await using var provider = Build(options);

        var report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        Assert.Equal(HealthStatus.Healthy, report.Status);
        Assert.Contains("the right Manage", report.Entries[Check].Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "required")]
    [InlineData("sesame", "NAME=VALUE")]
    [InlineData("SharedAccessKeyName=name;SharedAccessKey=sesame", "Endpoint=sb://")]
    [InlineData("Endpoint=sb://name.servicebus.windows.net/;SharedAccessKey=sesame", "both of SharedAccessKeyName and SharedAccessKey")]
    [InlineData("Endpoint=sb://name.servicebus.windows.net/;SharedAccessSignature=sesame", "cannot be renewed")]
    [InlineData("Endpoint=sb://name.servicebus.windows.net/;SharedAccessKeyName=name;SharedAccessKey=sesame;EntityPath=a?sesame", "EntityPath")]
    public void ConnectionString_NotOne_StopsTheStartAndShowsNothingOfIt(string text, string expected)
    {
        using var provider = Build(new AzureServiceBusQueueOptions { ConnectionString = text });

        var refusal = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IMessageQueue>());

        Assert.Contains("ConnectionString", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("sesame", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://name.example", false, true)]
    [InlineData("https://name.example", false, false)]
    [InlineData("http://name.example", true, false)]
    public async Task ManagementUrl_NotEncrypted_StopsTheStartUnlessItIsTheEmulators(string url, bool isEmulator, bool stops)
    {
        await using var provider = Build(new AzureServiceBusQueueOptions
        {
            ConnectionString = $"Endpoint=sb://name.example/;SharedAccessKeyName=name;SharedAccessKey=sesame;UseDevelopmentEmulator={isEmulator}",
            ManagementUrl = url,
        });

        var refusal = Record.Exception(() => provider.GetRequiredService<IMessageQueue>());

        Assert.Equal(stops, refusal is OptionsValidationException e && e.Message.Contains("https://", StringComparison.Ordinal));
        Assert.Equal(stops, refusal is not null);
    }

    private static ServiceProvider Build(AzureServiceBusQueueOptions options)
    {
        var builder = new TestBuilder();
        builder.AddAzureServiceBusQueue(target =>
        {
            target.ConnectionString = options.ConnectionString;
            target.ManagementUrl = options.ManagementUrl;
            target.ConfirmTimeout = options.ConfirmTimeout;
        });
        return builder.Services.BuildServiceProvider();
    }
}
