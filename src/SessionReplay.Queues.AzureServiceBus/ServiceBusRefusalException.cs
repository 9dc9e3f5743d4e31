using System.Globalization;

namespace SessionReplay.Queues.AzureServiceBus;

/// <summary>A node of the service answered that it did not do what it was asked for.</summary>
internal sealed class ServiceBusRefusalException(string node, int status, string description)
    : Exception(string.Create(CultureInfo.InvariantCulture, $"{node} answered {status}: {description}"))
{
    internal const int Unauthorized = 401;
    internal const int Forbidden = 403;
    internal const int NotFound = 404;
    internal const int Gone = 410;

    /// <summary>Gets the status, as HTTP has them.</summary>
    internal int Status { get; } = status;
}
