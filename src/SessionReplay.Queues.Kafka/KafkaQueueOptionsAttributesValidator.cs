using Microsoft.Extensions.Options;

namespace SessionReplay.Queues.Kafka;

[OptionsValidator]
internal sealed partial class KafkaQueueOptionsAttributesValidator : IValidateOptions<KafkaQueueOptions>;
