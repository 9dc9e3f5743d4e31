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
        var policy = Server.AddPolicy(new SasPolicy("worker", "a2V5", Manage: false));
        options.ConnectionString = Server.ConnectionStringOf(policy);
        options.AdministrationConnectionString = Server.AdministrationConnectionStringOf(policy);
        await using var provider = Build(options);

        var report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        Assert.Equal(HealthStatus.Healthy, report.Status);
        Assert.Contains("the right Manage", report.Entries[Check].Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "set exactly one")]
    [InlineData("sesame", "not a connection string")]
    [InlineData("SharedAccessKeyName=name;SharedAccessKey=sesame", "Endpoint")]
    [InlineData("Endpoint=sb://name.servicebus.windows.net/;SharedAccessKey=sesame", "SharedAccessKeyName and SharedAccessKey")]
    [InlineData("Endpoint=sb://name.servicebus.windows.net/;SharedAccessSignature=sesame", "SharedAccessKeyName and SharedAccessKey")]
    [InlineData("Endpoint=sb://name.servicebus.windows.net/", "FullyQualifiedNamespace")]
    public void ConnectionString_NotOne_StopsTheStartAndShowsNothingOfIt(string text, string expected)
    {
        using var provider = Build(new AzureServiceBusQueueOptions { ConnectionString = text });

        var refusal = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IMessageQueue>());

        Assert.Contains("ConnectionString", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("sesame", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void QueueName_NotTheEntityPath_StopsTheStart()
    {
        using var provider = Build(new AzureServiceBusQueueOptions
        {
            ConnectionString = "Endpoint=sb://name.example/;SharedAccessKeyName=name;SharedAccessKey=sesame;EntityPath=one",
            QueueName = "other",
        });

        var refusal = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IMessageQueue>());

        Assert.Contains("QueueName", refusal.Message, StringComparison.Ordinal);
    }

    private static ServiceProvider Build(AzureServiceBusQueueOptions options)
    {
        var builder = new TestBuilder();
        builder.AddAzureServiceBusQueue(target =>
        {
            target.ConnectionString = options.ConnectionString;
            target.QueueName = options.QueueName;
            target.AdministrationConnectionString = options.AdministrationConnectionString;
            target.ConfirmTimeout = options.ConfirmTimeout;
        });
        return builder.Services.BuildServiceProvider();
    }
}
