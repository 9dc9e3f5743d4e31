using System.Globalization;
using System.Text.Json;
using Amazon.SQS;
using Amazon.SQS.Model;
using Microsoft.Extensions.Logging;

namespace SessionReplay.Queues.Sqs;

/// <summary>Finds the queues, and creates those that are not there.</summary>
internal sealed class SqsSetup(IAmazonSQS client, SqsQueueOptions options, ILogger logger)
{
    internal async Task<SqsQueues> FindAsync(CancellationToken cancellationToken)
    {
        var (main, dead) = (options.QueueUrl, options.DeadLetterQueueUrl);
        if (main is null || dead is null)
        {
            var deadName = options.QueueName + "-dead";
            dead = await FindAsync(deadName, cancellationToken).ConfigureAwait(false)
                ?? await CreateAsync(deadName, Attributes(), cancellationToken).ConfigureAwait(false);
            main = await FindAsync(options.QueueName, cancellationToken).ConfigureAwait(false)
                ?? await CreateMainAsync(dead, cancellationToken).ConfigureAwait(false);
        }

        List<string> names = [QueueAttributeName.MaximumMessageSize, QueueAttributeName.RedrivePolicy];
        var found = await ReadAsync(main, names, cancellationToken).ConfigureAwait(false);
        var maximum = found.GetValueOrDefault(QueueAttributeName.MaximumMessageSize);
        var taken = int.TryParse(maximum, CultureInfo.InvariantCulture, out var size) ? size : options.MaxMessageBytes;
        var limit = ReadDeliveryLimit(found.GetValueOrDefault(QueueAttributeName.RedrivePolicy));
        if (limit == 0)
        {
            Log.NoRedrivePolicy(logger, main);
        }

        return new SqsQueues(main, dead, Math.Min(taken, options.MaxMessageBytes), limit);
    }

    private async Task<string?> FindAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return (await client.GetQueueUrlAsync(name, cancellationToken).ConfigureAwait(false)).QueueUrl;
        }
        catch (QueueDoesNotExistException) when (options.CreateIfMissing)
        {
            return null;
        }
    }

    /// <summary>Two processes that create the same queue at once both succeed: their attributes are equal.</summary>
    private async Task<string> CreateAsync(string name, Dictionary<string, string> attributes, CancellationToken cancellationToken)
    {
        var created = await client.CreateQueueAsync(
            new CreateQueueRequest { QueueName = name, Attributes = attributes }, cancellationToken).ConfigureAwait(false);
        Log.Created(logger, name);
        return created.QueueUrl;
    }

    private async Task<string> CreateMainAsync(string dead, CancellationToken cancellationToken)
    {
        var found = await ReadAsync(dead, [QueueAttributeName.QueueArn], cancellationToken).ConfigureAwait(false);
        var attributes = Attributes();
        attributes[QueueAttributeName.VisibilityTimeout] = Seconds(options.LeaseTime);
        attributes[QueueAttributeName.RedrivePolicy] = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"deadLetterTargetArn":"{{found[QueueAttributeName.QueueArn]}}","maxReceiveCount":{{options.DeliveryLimit}}}""");
        return await CreateAsync(options.QueueName, attributes, cancellationToken).ConfigureAwait(false);
    }

    private Dictionary<string, string> Attributes()
    {
        var attributes = new Dictionary<string, string>
        {
            [QueueAttributeName.MaximumMessageSize] = options.MaxMessageBytes.ToString(CultureInfo.InvariantCulture),
            [QueueAttributeName.MessageRetentionPeriod] = Seconds(options.Retention),
        };
        switch (options.ServerSideEncryption)
        {
            case "SQS":
                attributes[QueueAttributeName.SqsManagedSseEnabled] = "true";
                break;
            case "KMS":
                attributes[QueueAttributeName.KmsMasterKeyId] = options.KmsKeyId ?? "alias/aws/sqs";
                break;
        }

        return attributes;
    }

    private async Task<Dictionary<string, string>> ReadAsync(string url, List<string> names, CancellationToken cancellationToken) =>
        (await client.GetQueueAttributesAsync(url, names, cancellationToken).ConfigureAwait(false)).Attributes ?? [];

    private static string Seconds(TimeSpan time) => SqsRequests.Seconds(time).ToString(CultureInfo.InvariantCulture);

    /// <summary>Services write the number as a number or as a text.</summary>
    private static int ReadDeliveryLimit(string? policy)
    {
        if (string.IsNullOrEmpty(policy))
        {
            return 0;
        }

        using var document = JsonDocument.Parse(policy);
        return document.RootElement.TryGetProperty("maxReceiveCount", out var count)
            && int.TryParse(count.ToString(), CultureInfo.InvariantCulture, out var limit)
            ? limit
            : 0;
    }
}
