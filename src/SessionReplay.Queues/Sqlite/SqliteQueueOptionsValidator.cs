using Microsoft.Extensions.Options;

namespace SessionReplay.Queues;

[OptionsValidator]
internal sealed partial class SqliteQueueOptionsValidator : IValidateOptions<SqliteQueueOptions>;
