using Microsoft.Extensions.Options;

namespace SessionReplay.Queues.Nats;

[OptionsValidator]
internal sealed partial class NatsQueueOptionsAttributesValidator : IValidateOptions<NatsQueueOptions>;
