using Amazon;
using Amazon.Runtime;
using Amazon.SQS;

namespace SessionReplay.Queues.Sqs;

/// <summary>Turns options into the SDK's client, or takes the application's own.</summary>
internal static class SqsClientFactory
{
    /// <summary>What a service that is not Amazon's is signed for when no region is set.</summary>
    private const string UsualRegion = "us-east-1";

    internal static IAmazonSQS Create(SqsQueueOptions options, IServiceProvider services)
    {
        if (options.ServiceKey is { } key)
        {
            return services.GetClient<IAmazonSQS>(key);
        }

        var config = CreateConfig(options);
        return options.AccessKey is { Length: > 0 } accessKey
            ? new AmazonSQSClient(new BasicAWSCredentials(accessKey, options.SecretKey), config)
            : new AmazonSQSClient(config);
    }

    internal static AmazonSQSConfig CreateConfig(SqsQueueOptions options)
    {
        var config = new AmazonSQSConfig
        {
            // Retries with back-off are the application's own policy; the SDK adds none of its own to it.
            MaxErrorRetry = 0,
        };
        if (options.ServiceUrl is { Length: > 0 } url)
        {
            config.ServiceURL = url;
            config.AuthenticationRegion = options.Region ?? UsualRegion;
        }
        else if (options.Region is { Length: > 0 } region)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        }

        return config;
    }
}
