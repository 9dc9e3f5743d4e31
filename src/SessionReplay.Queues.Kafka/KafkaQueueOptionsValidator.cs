using Confluent.Kafka;
using Microsoft.Extensions.Options;

namespace SessionReplay.Queues.Kafka;

/// <summary>Refuses at the start what the client would refuse at its first call, or silently not use.</summary>
internal sealed class KafkaQueueOptionsValidator : IValidateOptions<KafkaQueueOptions>
{
    private const string Name = nameof(KafkaQueueOptions);

    public ValidateOptionsResult Validate(string? name, KafkaQueueOptions options)
    {
        var connection = options.ServiceKey is null
            ? CheckSasl(options).Concat(CheckTls(options))
            : SettingsOf(options).Select(setting => $"{Name}.{setting} is not used with ServiceKey: set it on the application's ClientConfig, and remove it here.");
        return new KafkaQueueOptionsAttributesValidator().Validate(name, options).With(connection.Concat(CheckReplicas(options)));
    }

    private static IEnumerable<string> CheckReplicas(KafkaQueueOptions options)
    {
        if (options is { MinInSyncReplicas: { } least, Replicas: { } all } && least > all)
        {
            yield return $"{Name}.MinInSyncReplicas is {least}, which {all} replicas cannot be; lower it, or raise Replicas.";
        }
    }

    private static IEnumerable<string> CheckSasl(KafkaQueueOptions options)
    {
        var hasName = !string.IsNullOrEmpty(options.SaslUsername);
        var hasPassword = !string.IsNullOrEmpty(options.SaslPassword);
        if (options.SecurityProtocol is not (SecurityProtocol.SaslPlaintext or SecurityProtocol.SaslSsl))
        {
            if (options.SaslMechanism is not null || hasName || hasPassword)
            {
                yield return $"{Name}.SecurityProtocol is {options.SecurityProtocol}, which does not use the settings of SASL; set SaslSsl, or remove them.";
            }
        }
        else if (options.SaslMechanism is not (SaslMechanism.Plain or SaslMechanism.ScramSha256 or SaslMechanism.ScramSha512))
        {
            yield return $"{Name}.SaslMechanism is {options.SaslMechanism?.ToString() ?? "not set"}; use ScramSha512, ScramSha256 or Plain.";
        }
        else if (!hasName || !hasPassword)
        {
            yield return $"{Name}.{(hasName ? "SaslPassword" : "SaslUsername")} is not set; {options.SaslMechanism} needs it.";
        }
    }

    private static IEnumerable<string> CheckTls(KafkaQueueOptions options) => options.SecurityProtocol is SecurityProtocol.Ssl or SecurityProtocol.SaslSsl
        ? TlsFiles.Check(Name, options.TlsAuthorityFile, options.TlsCertificateFile, options.TlsKeyFile, options.TlsKeyPassword)
        : SettingsOf(options)
            .Where(setting => setting.StartsWith("Tls", StringComparison.Ordinal))
            .Select(setting => $"{Name}.SecurityProtocol is {options.SecurityProtocol}, which does not use {setting}; set Ssl or SaslSsl, or remove it.");

    private static IEnumerable<string> SettingsOf(KafkaQueueOptions options)
    {
        (string Name, string? Value)[] settings =
        [
            (nameof(options.SaslMechanism), options.SaslMechanism?.ToString()),
            (nameof(options.SaslUsername), options.SaslUsername),
            (nameof(options.SaslPassword), options.SaslPassword),
            (nameof(options.TlsAuthorityFile), options.TlsAuthorityFile),
            (nameof(options.TlsCertificateFile), options.TlsCertificateFile),
            (nameof(options.TlsKeyFile), options.TlsKeyFile),
            (nameof(options.TlsKeyPassword), options.TlsKeyPassword),
        ];
        return settings.Where(setting => !string.IsNullOrEmpty(setting.Value)).Select(setting => setting.Name);
    }
}
