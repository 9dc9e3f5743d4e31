using Microsoft.Extensions.Options;

namespace SessionReplay.Queues.Sqs;

internal sealed class SqsQueueOptionsValidator : IValidateOptions<SqsQueueOptions>
{
    public ValidateOptionsResult Validate(string? name, SqsQueueOptions options)
    {
        string[] failures =
        [
            .. (options.QueueUrl is null) == (options.DeadLetterQueueUrl is null)
                ? Array.Empty<string>()
                : ["SqsQueueOptions.QueueUrl goes together with DeadLetterQueueUrl: set both, or neither and QueueName."],
            .. string.IsNullOrEmpty(options.AccessKey) == string.IsNullOrEmpty(options.SecretKey)
                ? Array.Empty<string>()
                : ["SqsQueueOptions.AccessKey goes together with SecretKey: set both, or neither to use the SDK's own sources."],
            .. options.DeliveryLimit >= options.MaxAttempts
                ? Array.Empty<string>()
                : ["SqsQueueOptions.DeliveryLimit must not be less than MaxAttempts: the service would move messages without their reason."],
            .. options.KmsKeyId is null || options.ServerSideEncryption == "KMS"
                ? Array.Empty<string>()
                : ["SqsQueueOptions.KmsKeyId is used with ServerSideEncryption 'KMS' only."],
        ];
        return new SqsQueueOptionsAttributesValidator().Validate(name, options).With(failures);
    }
}
