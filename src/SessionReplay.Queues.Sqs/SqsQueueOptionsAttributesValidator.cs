using Microsoft.Extensions.Options;

namespace SessionReplay.Queues.Sqs;

[OptionsValidator]
internal sealed partial class SqsQueueOptionsAttributesValidator : IValidateOptions<SqsQueueOptions>;
