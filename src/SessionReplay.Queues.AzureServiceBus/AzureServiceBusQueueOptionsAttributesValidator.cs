using Microsoft.Extensions.Options;

namespace SessionReplay.Queues.AzureServiceBus;

[OptionsValidator]
internal sealed partial class AzureServiceBusQueueOptionsAttributesValidator : IValidateOptions<AzureServiceBusQueueOptions>;
