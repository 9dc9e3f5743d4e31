using Microsoft.Extensions.Options;

namespace SessionReplay.Queues.Sqs.Tests;

public sealed class SqsQueueOptionsTests
{
    private static readonly IValidateOptions<SqsQueueOptions> Validator = new SqsQueueOptionsValidator("A:B");

    public static TheoryData<Action<SqsQueueOptions>, string> Wrong => new()
    {
        { options => options.QueueName = "a.fifo", "QueueName" },
        { options => options.QueueName = new string('a', 76), "QueueName" },
        { options => options.QueueUrl = "https://sqs.eu-central-1.amazonaws.com/1/a", "DeadLetterQueueUrl" },
        { options => options.DeadLetterQueueUrl = "https://sqs.eu-central-1.amazonaws.com/1/a", "QueueUrl" },
        { options => options.QueueUrl = options.DeadLetterQueueUrl = "https://sqs.eu-central-1.amazonaws.com/1/a.fifo", "QueueUrl" },
        { options => options.AccessKey = "AK", "SecretKey" },
        { options => options.SecretKey = "SK", "AccessKey" },
        { options => options.ServiceUrl = "nowhere", "ServiceUrl" },
        { options => options.ServerSideEncryption = "AES", "ServerSideEncryption" },
        { options => options.KmsKeyId = "alias/mine", "KmsKeyId" },
        { options => options.DeliveryLimit = 9, "DeliveryLimit" },
        { options => options.MaxMessageBytes = 100_000, "MaxMessageBytes" },
        { options => options.WaitTime = TimeSpan.FromSeconds(21), "WaitTime" },
        { options => options.Retention = TimeSpan.FromDays(15), "Retention" },
        { options => options.FirstRetryDelay = TimeSpan.FromMilliseconds(999), "FirstRetryDelay" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Validate_WrongValue_NamesIt(Action<SqsQueueOptions> change, string name)
    {
        var options = new SqsQueueOptions();
        change(options);

        var result = Validator.Validate(null, options);

        Assert.True(result.Failed);
        Assert.Contains(name, result.FailureMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_Defaults_AreValid() =>
        Assert.Same(ValidateOptionsResult.Success, Validator.Validate(null, new SqsQueueOptions()));

    [Fact]
    public void CreateConfig_Region_LeadsToAmazon()
    {
        var config = SqsClientFactory.CreateConfig(new SqsQueueOptions { Region = "eu-central-1" });

        Assert.Equal("eu-central-1", config.RegionEndpoint.SystemName);
        Assert.Null(config.ServiceURL);
    }

    [Theory]
    [InlineData(null, "us-east-1")]
    [InlineData("fr-par", "fr-par")]
    public void CreateConfig_ServiceUrl_LeadsThereAndSignsForTheRegion(string? region, string signedFor)
    {
        var config = SqsClientFactory.CreateConfig(new SqsQueueOptions { ServiceUrl = "https://sqs.example", Region = region });

        Assert.StartsWith("https://sqs.example", config.ServiceURL, StringComparison.Ordinal);
        Assert.Equal(signedFor, config.AuthenticationRegion);
    }
}
