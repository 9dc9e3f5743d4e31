using Microsoft.Extensions.Options;

namespace SessionReplay.Queues.Nats;

[OptionsValidator]
internal sealed partial class NatsQueueOptionsValidator(string path) : IValidateOptions<NatsQueueOptions>
{
    ValidateOptionsResult IValidateOptions<NatsQueueOptions>.Validate(string? name, NatsQueueOptions options) =>
        Validate(name, options).At<NatsQueueOptions>(path, options.ServiceKey is null
            ? TlsFiles.Check(
                path, options.TlsAuthorityFile, options.TlsCertificateFile, options.TlsKeyFile, options.TlsKeyPassword)
            : []);
}
