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
            ServiceBusConnectionString.Parse(text);
            return ValidationResult.Success;
        }
        catch (FormatException e)
        {
            return new ValidationResult($"The {validationContext.DisplayName} is not one of Service Bus: {e.Message}", [validationContext.MemberName!]);
        }
    }
}
