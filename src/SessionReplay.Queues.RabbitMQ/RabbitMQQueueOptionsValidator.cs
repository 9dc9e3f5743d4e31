using Microsoft.Extensions.Options;

namespace SessionReplay.Queues.RabbitMQ;

[OptionsValidator]
internal sealed partial class RabbitMQQueueOptionsValidator(string path) : IValidateOptions<RabbitMQQueueOptions>
{
    ValidateOptionsResult IValidateOptions<RabbitMQQueueOptions>.Validate(string? name, RabbitMQQueueOptions options) =>
        Validate(name, options).At<RabbitMQQueueOptions>(path, options.ServiceKey is null
            ? TlsFiles.Check(
                path, options.TlsAuthorityFile, options.TlsCertificateFile, options.TlsKeyFile, options.TlsKeyPassword)
            : []);
}
