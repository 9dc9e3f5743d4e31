namespace SessionReplay.Queues.RabbitMQ.Tests;

public sealed class RabbitMQQueueOptionsTests
{
    [Theory]
    [InlineData("amqp://localhost")]
    [InlineData("amqps://someone:sesame@one.example:5671/replay, amqps://someone:sesame@two.example:5671/replay")]
    public void Validate_Uris_Succeed(string text) => Assert.Null(Validate(new RabbitMQQueueOptions { ConnectionString = text }));

    [Theory]
    [InlineData("host=rabbit;password=sesame")]
    [InlineData("http://someone:sesame@rabbit.example")]
    [InlineData("amqp://someone:sesa/me@rabbit")]
    [InlineData("amqps://someone:sesame@one.example,two.example:sesame")]
    [InlineData(",")]
    public void Validate_NotUris_FailsAndTellsNoSecret(string text)
    {
        var failure = Validate(new RabbitMQQueueOptions { ConnectionString = text });

        Assert.Contains("ConnectionString", failure, StringComparison.Ordinal);
        Assert.DoesNotContain("sesa", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_SettingsOfTlsWithoutEncryption_Fails()
    {
        RabbitMQQueueOptions[] settings =
        [
            new() { TlsAuthorityFile = "authority.pem" }, new() { TlsServerName = "rabbit.example" }, new() { ClientCertificatePath = "client.p12" },
        ];
        Assert.All(settings, options =>
        {
            options.ConnectionString = "amqps://one.example,amqp://two.example";
            Assert.Contains("amqps://", Validate(options), StringComparison.Ordinal);
            options.ConnectionString = "amqps://one.example,amqps://two.example";
            Assert.Null(Validate(options));
        });
    }

    [Fact]
    public void Validate_ApplicationsConnection_ConnectionStringIsNotLookedAt() =>
        Assert.Null(Validate(new RabbitMQQueueOptions { ServiceKey = "", ConnectionString = "nothing" }));

    private static string? Validate(RabbitMQQueueOptions options) => new RabbitMQQueueOptionsValidator().Validate(null, options).FailureMessage;
}
