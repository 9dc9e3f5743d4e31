using Microsoft.Extensions.Options;

namespace SessionReplay.Queues.Nats;

internal sealed class NatsQueueOptionsValidator : IValidateOptions<NatsQueueOptions>
{
    public ValidateOptionsResult Validate(string? name, NatsQueueOptions options) =>
        new NatsQueueOptionsAttributesValidator().Validate(name, options).With(options.ServiceKey is null
            ? TlsFiles.Check(nameof(NatsQueueOptions), options.TlsAuthorityFile, options.TlsCertificateFile, options.TlsKeyFile, options.TlsKeyPassword)
            : []);
}
