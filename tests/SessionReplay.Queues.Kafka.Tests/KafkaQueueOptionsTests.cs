using Confluent.Kafka;
using Microsoft.Extensions.Options;
using SessionReplay.Testing;

namespace SessionReplay.Queues.Kafka.Tests;

public sealed class KafkaQueueOptionsTests
{
    private static readonly IValidateOptions<KafkaQueueOptions> Validator = new KafkaQueueOptionsValidator("A:B");

    public static TheoryData<string, Action<KafkaQueueOptions>> Refused => new()
    {
        { "Partitions", options => options.Partitions = 0 },
        { "'A:B:SaslMechanism' is not set", options => options.SecurityProtocol = SecurityProtocol.SaslSsl },
        { "'A:B:SaslMechanism' is Gssapi",
            options => (options.SecurityProtocol, options.SaslMechanism) = (SecurityProtocol.SaslSsl, SaslMechanism.Gssapi) },
        { "'A:B:SaslUsername' is not set",
            options => (options.SecurityProtocol, options.SaslMechanism) = (SecurityProtocol.SaslSsl, SaslMechanism.Plain) },
        { "'A:B:SaslPassword' is not set",
            options =>
                (options.SecurityProtocol, options.SaslMechanism,
                options.SaslUsername) = (SecurityProtocol.SaslPlaintext, SaslMechanism.ScramSha512, "replay") },
        { "does not use the settings of SASL", options => (options.SaslUsername, options.SaslPassword) = ("replay", "secret-of-the-test") },
        { "does not use TlsAuthorityFile", options => options.TlsAuthorityFile = "/ca.pem" },
        { "'A:B:TlsAuthorityFile' names a file that is not there",
            options => (options.SecurityProtocol, options.TlsAuthorityFile) = (SecurityProtocol.Ssl, "/not/there.pem") },
        { "'A:B:TlsKeyPassword' is set without TlsKeyFile",
            options => (options.SecurityProtocol, options.TlsKeyPassword) = (SecurityProtocol.Ssl, "secret-of-the-test") },
        { "'A:B:SaslUsername' is not used with ServiceKey",
            options => (options.ServiceKey, options.SaslUsername, options.SaslPassword) = ("mine", "replay", "secret-of-the-test") },
        { "'A:B:TlsAuthorityFile' is not used with ServiceKey", options => (options.ServiceKey, options.TlsAuthorityFile) = ("", "/ca.pem") },
        { "TlsCertificateFile and TlsKeyFile belong together",
            options => (options.SecurityProtocol, options.TlsCertificateFile) = (SecurityProtocol.Ssl, "/not/there.pem") },
        { "'A:B:MinInSyncReplicas' is 3", options => (options.MinInSyncReplicas, options.Replicas) = (3, 2) },
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void Validate_WhatCannotWork_IsRefusedWithoutTheSecret(string expected, Action<KafkaQueueOptions> change)
    {
        var options = new KafkaQueueOptions();
        change(options);

        var result = Validator.Validate(null, options);

        Assert.Contains(expected, result.FailureMessage, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-of-the-test", result.FailureMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_WhatWorks_IsTaken()
    {
        using var folder = new TempFolder();
        var file = folder.File("any.pem");
        File.WriteAllText(file, "");

        Assert.True(Validator.Validate(null, new()).Succeeded);
        Assert.True(Validator.Validate(null, new()
        {
            SecurityProtocol = SecurityProtocol.SaslSsl,
            SaslMechanism = SaslMechanism.ScramSha512,
            SaslUsername = "replay",
            SaslPassword = "secret-of-the-test",
            TlsAuthorityFile = file,
            TlsCertificateFile = file,
            TlsKeyFile = file,
            Replicas = 3,
            MinInSyncReplicas = 2,
        }).Succeeded);
    }

    [Fact]
    public void Create_Tls_IsHandedToTheClient()
    {
        var config = ClientSettings.Create(
            new() { TlsAuthorityFile = "ca.pem", TlsCertificateFile = "me.pem", TlsKeyFile = "me.key", TlsKeyPassword = "sesame",
                MaxMessageBytes = 200_000 }, application: null);

        Assert.Equal(
            ("ca.pem", "me.pem", "me.key", "sesame", 200_000),
            (config.SslCaLocation, config.SslCertificateLocation, config.SslKeyLocation, config.SslKeyPassword, config.MessageMaxBytes));
    }

    [Fact]
    public void Create_Topic_IsKeptByAgeAloneAndDeadLettersBySizeToo()
    {
        var work = TopicSettings.Create(new KafkaQueueOptions { Retention = TimeSpan.FromDays(2) }, "work", isDead: false);
        var dead = TopicSettings.Create(new KafkaQueueOptions(), "dead", isDead: true);

        Assert.Equal(
            ("172800000", "-1", "delete"), (work.Configs["retention.ms"], work.Configs["retention.bytes"], work.Configs["cleanup.policy"]));
        Assert.Equal(("1209600000", "268435456", 1), (dead.Configs["retention.ms"], dead.Configs["retention.bytes"], dead.NumPartitions));
    }
}
