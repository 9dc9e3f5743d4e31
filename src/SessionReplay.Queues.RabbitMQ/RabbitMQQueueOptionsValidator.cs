using Microsoft.Extensions.Options;

namespace SessionReplay.Queues.RabbitMQ;

internal sealed class RabbitMQQueueOptionsValidator : IValidateOptions<RabbitMQQueueOptions>
{
    public ValidateOptionsResult Validate(string? name, RabbitMQQueueOptions options) =>
        new RabbitMQQueueOptionsAttributesValidator().Validate(name, options).With(options.ServiceKey is null
            ? TlsFiles.Check(nameof(RabbitMQQueueOptions), options.TlsAuthorityFile, options.TlsCertificateFile, options.TlsKeyFile, options.TlsKeyPassword)
            : []);
}
