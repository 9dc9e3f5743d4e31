using System.ComponentModel.DataAnnotations;

namespace SessionReplay.Queues.AzureServiceBus;

/// <summary>Says at the start what is wrong with a connection string; never what is in it.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ServiceBusConnectionStringAttribute : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        if (value is not string { Length: > 0 } text)
        {
            // RequiredAttribute says so.
            return ValidationResult.Success;
        }

        try
        {
            var connection = ServiceBusConnectionString.Parse(text);
            var management = ((AzureServiceBusQueueOptions)validationContext.ObjectInstance).ManagementUrl;
            return connection.IsEmulator || management is null || management.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
                ? ValidationResult.Success
                : new ValidationResult("The ManagementUrl must begin with https://: tokens are sent to it.", [nameof(AzureServiceBusQueueOptions.ManagementUrl)]);
        }
        catch (FormatException e)
        {
            return new ValidationResult($"The {validationContext.DisplayName} is not one of Service Bus: {e.Message}", [validationContext.MemberName!]);
        }
    }
}
