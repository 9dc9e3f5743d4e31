using Microsoft.Extensions.Logging;

namespace SessionReplay.Storage;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "Member {Member} of the blob store missed a {Operation}; reconciliation follows")]
    internal static partial void Missed(ILogger logger, string member, string operation, Exception? exception);

    [LoggerMessage(2, LogLevel.Warning, "Read from member {Member} after another member failed")]
    internal static partial void FailedOver(ILogger logger, string member, Exception exception);

    [LoggerMessage(3, LogLevel.Information, "Member {Member} of the blob store is up to date again")]
    internal static partial void CaughtUp(ILogger logger, string member);

    [LoggerMessage(4, LogLevel.Warning, "Reconciliation of the blob store's members failed; retrying")]
    internal static partial void ReconcileFailed(ILogger logger, Exception exception);

    [LoggerMessage(5, LogLevel.Information, "Member {Member} of the blob store is new; copying {Count} objects to it")]
    internal static partial void Joined(ILogger logger, string member, long count);

    [LoggerMessage(6, LogLevel.Warning, "Could not list a member of the blob store; listed the others")]
    internal static partial void ListingFailed(ILogger logger, Exception exception);

    [LoggerMessage(7, LogLevel.Warning, "Reading from member {Member} of the blob store broke off; continuing with another member")]
    internal static partial void BrokeOff(ILogger logger, string member, Exception exception);

    [LoggerMessage(8, LogLevel.Debug, "Object or reconciliation note changed during copy; retrying")]
    internal static partial void NoteGone(ILogger logger, Exception exception);
}
