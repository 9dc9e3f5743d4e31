using Confluent.Kafka;
using Microsoft.Extensions.Options;

namespace SessionReplay.Queues.Kafka;

/// <summary>Refuses at the start what the client would refuse at its first call, or silently not use.</summary>
internal sealed class KafkaQueueOptionsValidator : IValidateOptions<KafkaQueueOptions>
{
    private const string Section = "SessionReplay:Queue:Kafka";

    public ValidateOptionsResult Validate(string? name, KafkaQueueOptions options)
    {
        var attributes = new KafkaQueueOptionsAttributesValidator().Validate(name, options);
        List<string> failures = [.. attributes.Failures ?? [], .. CheckSasl(options), .. CheckTls(options)];
        if (options is { MinInSyncReplicas: { } least, ReplicationFactor: { } all } && least > all)
        {
            failures.Add($"{Section}:MinInSyncReplicas is {least}, which {all} replicas cannot be; lower it, or raise ReplicationFactor.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> CheckSasl(KafkaQueueOptions options)
    {
        var hasName = !string.IsNullOrEmpty(options.SaslUsername);
        var hasPassword = !string.IsNullOrEmpty(options.SaslPassword);
        if (options.SecurityProtocol is not (SecurityProtocol.SaslPlaintext or SecurityProtocol.SaslSsl))
        {
            if (options.SaslMechanism is not null || hasName || hasPassword)
            {
                yield return $"{Section}:SecurityProtocol is {options.SecurityProtocol}, which does not use the settings of SASL; set SaslSsl, or remove them.";
            }
        }
        else if (options.SaslMechanism is not (SaslMechanism.Plain or SaslMechanism.ScramSha256 or SaslMechanism.ScramSha512))
        {
            yield return $"{Section}:SaslMechanism is {options.SaslMechanism?.ToString() ?? "not set"}; use ScramSha512, ScramSha256 or Plain.";
        }
        else if (!hasName || !hasPassword)
        {
            yield return $"{Section}:{(hasName ? "SaslPassword" : "SaslUsername")} is not set; {options.SaslMechanism} needs it.";
        }
    }

    private static IEnumerable<string> CheckTls(KafkaQueueOptions options)
    {
        (string Name, string? Path)[] files =
        [
            (nameof(options.TlsAuthorityFile), options.TlsAuthorityFile),
            (nameof(options.TlsCertificateFile), options.TlsCertificateFile),
            (nameof(options.TlsKeyFile), options.TlsKeyFile),
        ];
        var usesTls = options.SecurityProtocol is SecurityProtocol.Ssl or SecurityProtocol.SaslSsl;
        foreach (var (file, path) in files.Where(file => !string.IsNullOrEmpty(file.Path)))
        {
            if (!usesTls)
            {
                yield return $"{Section}:SecurityProtocol is {options.SecurityProtocol}, which does not use {file}; set Ssl or SaslSsl, or remove it.";
            }
            else if (!File.Exists(path))
            {
                yield return $"{Section}:{file} names a file that is not there, or that this process may not see.";
            }
        }

        if (string.IsNullOrEmpty(options.TlsCertificateFile) != string.IsNullOrEmpty(options.TlsKeyFile))
        {
            yield return $"{Section}:TlsCertificateFile and TlsKeyFile belong together; set both or none.";
        }
    }
}
