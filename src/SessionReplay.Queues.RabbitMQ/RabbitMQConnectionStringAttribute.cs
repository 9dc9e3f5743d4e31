using System.ComponentModel.DataAnnotations;

namespace SessionReplay.Queues.RabbitMQ;

/// <summary>
/// Says at the start what is wrong with a connection string, never what is in it, and that settings of TLS go with encryption.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class RabbitMQConnectionStringAttribute : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        var options = (RabbitMQQueueOptions)validationContext.ObjectInstance;
        if (value is not string { Length: > 0 } text || options.ServiceKey is not null)
        {
            // RequiredAttribute says so, or it is not used.
            return ValidationResult.Success;
        }

        try
        {
            var uris = RabbitMQConnectionString.Parse(text);
            var anyOfTls = options.TlsAuthorityFile ?? options.TlsServerName ?? options.TlsCertificateFile ?? options.TlsKeyFile;
            return anyOfTls is not null && !Array.TrueForAll(uris, RabbitMQConnectionString.IsEncrypted)
                ? Wrong("there are settings of TLS, but not every URI begins with amqps://, without which nothing is encrypted.")
                : ValidationResult.Success;
        }
        catch (FormatException e)
        {
            return Wrong(e.Message);
        }

        ValidationResult Wrong(string what) =>
            new($"The {validationContext.DisplayName} is not one of RabbitMQ: {what}", [validationContext.MemberName!]);
    }
}
