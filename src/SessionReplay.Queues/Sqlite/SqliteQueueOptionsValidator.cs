using Microsoft.Extensions.Options;

namespace SessionReplay.Queues;

[OptionsValidator]
internal sealed partial class SqliteQueueOptionsValidator(string path) : IValidateOptions<SqliteQueueOptions>
{
    ValidateOptionsResult IValidateOptions<SqliteQueueOptions>.Validate(string? name, SqliteQueueOptions options) =>
        Validate(name, options).At<SqliteQueueOptions>(path);
}
