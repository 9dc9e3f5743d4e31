using Confluent.Kafka;
using Microsoft.Extensions.Options;

namespace SessionReplay.Queues.Kafka;

/// <summary>Refuses at the start what the client would refuse at its first call, or silently not use.</summary>
[OptionsValidator]
internal sealed partial class KafkaQueueOptionsValidator(string path) : IValidateOptions<KafkaQueueOptions>
{
    ValidateOptionsResult IValidateOptions<KafkaQueueOptions>.Validate(string? name, KafkaQueueOptions options)
    {
        var connection = options.ServiceKey is null
            ? CheckSasl(options).Concat(CheckTls(options))
            : SettingsOf(options).Select(setting =>
                $"'{path}:{setting}' is not used with ServiceKey: set it on the application's ClientConfig, and remove it here.");
        return Validate(name, options).At<KafkaQueueOptions>(path, connection.Concat(CheckReplicas(options)));
    }

    private IEnumerable<string> CheckReplicas(KafkaQueueOptions options)
    {
        if (options is { MinInSyncReplicas: { } least, Replicas: { } all } && least > all)
        {
            yield return $"'{path}:MinInSyncReplicas' is {least}, which {all} replicas cannot be; lower it, or raise Replicas.";
        }
    }

    private IEnumerable<string> CheckSasl(KafkaQueueOptions options)
    {
        var hasName = !string.IsNullOrEmpty(options.SaslUsername);
        var hasPassword = !string.IsNullOrEmpty(options.SaslPassword);
        if (options.SecurityProtocol is not (SecurityProtocol.SaslPlaintext or SecurityProtocol.SaslSsl))
        {
            if (options.SaslMechanism is not null || hasName || hasPassword)
            {
                yield return $"'{path}:SecurityProtocol' is {options.SecurityProtocol}, which does not use the settings of SASL; "
                    + "set SaslSsl, or remove them.";
            }
        }
        else if (options.SaslMechanism is not (SaslMechanism.Plain or SaslMechanism.ScramSha256 or SaslMechanism.ScramSha512))
        {
            var given = options.SaslMechanism?.ToString() ?? "not set";
            yield return $"'{path}:SaslMechanism' is {given}; use ScramSha512, ScramSha256 or Plain.";
        }
        else if (!hasName || !hasPassword)
        {
            yield return $"'{path}:{(hasName ? "SaslPassword" : "SaslUsername")}' is not set; {options.SaslMechanism} needs it.";
        }
    }

    private IEnumerable<string> CheckTls(
        KafkaQueueOptions options) => options.SecurityProtocol is SecurityProtocol.Ssl or SecurityProtocol.SaslSsl
        ? TlsFiles.Check(path, options.TlsAuthorityFile, options.TlsCertificateFile, options.TlsKeyFile, options.TlsKeyPassword)
        : SettingsOf(options)
            .Where(setting => setting.StartsWith("Tls", StringComparison.Ordinal))
            .Select(setting =>
                $"'{path}:SecurityProtocol' is {options.SecurityProtocol}, which does not use {setting}; set Ssl or SaslSsl, or remove it.");

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
