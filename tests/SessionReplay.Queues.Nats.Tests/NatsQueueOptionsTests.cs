using Microsoft.Extensions.Options;

namespace SessionReplay.Queues.Nats.Tests;

public sealed class NatsQueueOptionsTests
{
    private static readonly IValidateOptions<NatsQueueOptions> Validator = new NatsQueueOptionsValidator("A:B");

    [Theory]
    [InlineData(null, true)]
    [InlineData(1L << 20, true)]
    [InlineData((1L << 20) - 1, false)]
    [InlineData(0L, false)]
    [InlineData(-1L, false)]
    public void Validate_MaxQueueBytes_IsNoneOrAtLeastOneMebibyte(long? bytes, bool isValid)
    {
        var result = Validator.Validate(null, new NatsQueueOptions { MaxQueueBytes = bytes });

        Assert.Equal(isValid, result.Succeeded);
        Assert.Equal(isValid, result.FailureMessage?.Contains("MaxQueueBytes", StringComparison.Ordinal) != true);
    }

    [Theory]
    [InlineData("/not/there.pem", null, null, "'A:B:TlsAuthorityFile' names a file that is not there")]
    [InlineData(null, "/not/there.key", null, "'A:B:TlsCertificateFile' is not set")]
    [InlineData(null, null, "sesame", "'A:B:TlsKeyPassword' is set without TlsKeyFile")]
    public void Validate_FilesOfTls_AreThereAndBelongTogether(string? authority, string? key, string? password, string expected)
    {
        var options = new NatsQueueOptions { TlsAuthorityFile = authority, TlsKeyFile = key, TlsKeyPassword = password };

        Assert.Contains(expected, Validator.Validate(null, options).FailureMessage, StringComparison.Ordinal);
        options.ServiceKey = "";
        Assert.True(Validator.Validate(null, options).Succeeded);
    }
}
