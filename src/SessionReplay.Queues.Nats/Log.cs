using Microsoft.Extensions.Logging;

namespace SessionReplay.Queues.Nats;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Streams and consumer of {Stream} are ready")]
    internal static partial void Declared(ILogger logger, string stream);

    [LoggerMessage(2, LogLevel.Error, "NATS cannot be reached; retrying in {Delay}")]
    internal static partial void ConnectFailed(ILogger logger, TimeSpan delay, Exception exception);
}
