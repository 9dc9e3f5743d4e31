using Microsoft.Extensions.Options;

namespace SessionReplay.Queues.RabbitMQ;

[OptionsValidator]
internal sealed partial class RabbitMQQueueOptionsAttributesValidator : IValidateOptions<RabbitMQQueueOptions>;
