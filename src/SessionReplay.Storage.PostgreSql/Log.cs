using Microsoft.Extensions.Logging;

namespace SessionReplay.Storage.PostgreSql;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Migrated schema {Schema} from version {From} to version {To}")]
    internal static partial void Migrated(ILogger logger, string schema, int from, int to);

    [LoggerMessage(2, LogLevel.Debug, "A transaction on schema {Schema} lost a conflict ({State}); retrying")]
    internal static partial void RunAgain(ILogger logger, string schema, string state);
}
