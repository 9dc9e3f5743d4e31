using Microsoft.Extensions.Options;

namespace SessionReplay.Queues.Sqs;

internal sealed class SqsQueueOptionsValidator : IValidateOptions<SqsQueueOptions>
{
    public ValidateOptionsResult Validate(string? name, SqsQueueOptions options)
    {
        var result = new SqsQueueOptionsAttributesValidator().Validate(name, options);
        if (result.Failed)
        {
            return result;
        }

        string[] failures =
        [
            .. (options.QueueUrl is null) == (options.DeadLetterQueueUrl is null)
                ? Array.Empty<string>()
                : ["SessionReplay:Queue:Sqs:QueueUrl and DeadLetterQueueUrl go together: set both, or neither and QueueName."],
            .. (options.AccessKey is null) == (options.SecretKey is null)
                ? Array.Empty<string>()
                : ["SessionReplay:Queue:Sqs:AccessKey and SecretKey go together: set both, or neither to use the SDK's own sources."],
            .. options.DeliveryLimit >= options.MaxAttempts
                ? Array.Empty<string>()
                : ["SessionReplay:Queue:Sqs:DeliveryLimit must not be less than MaxAttempts: the service would move messages without their reason."],
            .. options.KmsKeyId is null || options.ServerSideEncryption == "KMS"
                ? Array.Empty<string>()
                : ["SessionReplay:Queue:Sqs:KmsKeyId is used with ServerSideEncryption 'KMS' only."],
        ];
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
