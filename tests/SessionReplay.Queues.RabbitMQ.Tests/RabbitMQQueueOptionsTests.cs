using Microsoft.Extensions.Options;
using SessionReplay.Testing;

namespace SessionReplay.Queues.RabbitMQ.Tests;

public sealed class RabbitMQQueueOptionsTests
{
    private static readonly IValidateOptions<RabbitMQQueueOptions> Validator = new RabbitMQQueueOptionsValidator("A:B");

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
        using var folder = new TempFolder();
        var file = folder.File("any.pem");
        File.WriteAllText(file, "");
        RabbitMQQueueOptions[] settings =
        [
            new() { TlsAuthorityFile = file }, new() { TlsServerName = "rabbit.example" },
            new() { TlsCertificateFile = file, TlsKeyFile = file },
        ];
        Assert.All(settings, options =>
        {
            options.ConnectionString = "amqps://one.example,amqp://two.example";
            Assert.Contains("amqps://", Validate(options), StringComparison.Ordinal);
            options.ConnectionString = "amqps://one.example,amqps://two.example";
            Assert.Null(Validate(options));
        });
    }

    [Theory]
    [InlineData("/not/there.pem", null, null, null, "'A:B:TlsAuthorityFile' names a file that is not there")]
    [InlineData(null, "/not/there.pem", null, null, "'A:B:TlsKeyFile' is not set")]
    [InlineData(null, null, "/not/there.key", null, "'A:B:TlsCertificateFile' is not set")]
    [InlineData(null, null, null, "sesame", "'A:B:TlsKeyPassword' is set without TlsKeyFile")]
    public void Validate_FilesOfTls_AreThereAndBelongTogether(
        string? authority, string? certificate, string? key, string? password, string expected)
    {
        var failure = Validate(new RabbitMQQueueOptions
        {
            ConnectionString = "amqps://one.example",
            TlsAuthorityFile = authority,
            TlsCertificateFile = certificate,
            TlsKeyFile = key,
            TlsKeyPassword = password,
        });

        Assert.Contains(expected, failure, StringComparison.Ordinal);
        Assert.DoesNotContain("sesame", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_ApplicationsConnection_ConnectionStringIsNotLookedAt() =>
        Assert.Null(Validate(new RabbitMQQueueOptions { ServiceKey = "", ConnectionString = "nothing" }));

    private static string? Validate(RabbitMQQueueOptions options) =>
        Validator.Validate(null, options).FailureMessage;
}
