using Microsoft.Extensions.Logging;

namespace SessionReplay.Storage;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "The blob store's member {Member} missed a {Operation}; it is caught up later")]
    internal static partial void Missed(ILogger logger, string member, string operation, Exception? exception);

    [LoggerMessage(2, LogLevel.Warning, "A read went on with the member {Member} after another failed")]
    internal static partial void FailedOver(ILogger logger, string member, Exception exception);

    [LoggerMessage(3, LogLevel.Information, "The blob store's member {Member} has caught up")]
    internal static partial void CaughtUp(ILogger logger, string member);

    [LoggerMessage(4, LogLevel.Warning, "Members of the blob store could not be caught up now; the next try follows")]
    internal static partial void ReconcileFailed(ILogger logger, Exception exception);

    [LoggerMessage(5, LogLevel.Information, "The blob store's member {Member} is new: {Count} objects of other members are copied to it")]
    internal static partial void Joined(ILogger logger, string member, long count);

    [LoggerMessage(6, LogLevel.Warning, "A member of the blob store could not be listed; the others were")]
    internal static partial void ListingFailed(ILogger logger, Exception exception);

    [LoggerMessage(7, LogLevel.Warning, "A read of the blob store's member {Member} broke off; another goes on")]
    internal static partial void BrokeOff(ILogger logger, string member, Exception exception);

    [LoggerMessage(8, LogLevel.Debug, "An object or a note of one was gone, or another, when it was to be copied; it is looked at again")]
    internal static partial void NoteGone(ILogger logger, Exception exception);
}
