using Microsoft.Extensions.Options;

namespace SessionReplay.Queues.Sqs;

[OptionsValidator]
internal sealed partial class SqsQueueOptionsValidator(string path) : IValidateOptions<SqsQueueOptions>
{
    ValidateOptionsResult IValidateOptions<SqsQueueOptions>.Validate(string? name, SqsQueueOptions options)
    {
        string[] failures =
        [
            .. (options.QueueUrl is null) == (options.DeadLetterQueueUrl is null)
                ? Array.Empty<string>()
                : [$"'{path}:QueueUrl' goes together with DeadLetterQueueUrl: set both, or neither and QueueName."],
            .. string.IsNullOrEmpty(options.AccessKey) == string.IsNullOrEmpty(options.SecretKey)
                ? Array.Empty<string>()
                : [$"'{path}:AccessKey' goes together with SecretKey: set both, or neither to use the SDK's own sources."],
            .. options.DeliveryLimit >= options.MaxAttempts
                ? Array.Empty<string>()
                :
                [
                    $"'{path}:DeliveryLimit' must not be less than MaxAttempts: "
                    + "the service would move messages without their reason.",
                ],
            .. options.KmsKeyId is null || options.ServerSideEncryption == "KMS"
                ? Array.Empty<string>()
                : [$"'{path}:KmsKeyId' is used with ServerSideEncryption 'KMS' only."],
        ];
        return Validate(name, options).At<SqsQueueOptions>(path, failures);
    }
}
