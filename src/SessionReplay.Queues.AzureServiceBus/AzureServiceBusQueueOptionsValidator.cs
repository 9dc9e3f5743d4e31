using Microsoft.Extensions.Options;

namespace SessionReplay.Queues.AzureServiceBus;

internal sealed class AzureServiceBusQueueOptionsValidator : IValidateOptions<AzureServiceBusQueueOptions>
{
    public ValidateOptionsResult Validate(string? name, AzureServiceBusQueueOptions options) =>
        new AzureServiceBusQueueOptionsAttributesValidator().Validate(name, options)
            .With(TlsFiles.Check(nameof(AzureServiceBusQueueOptions), options.TlsAuthorityFile));
}
