using Microsoft.Extensions.Options;

namespace SessionReplay.Storage.Keys;

[OptionsValidator]
internal sealed partial class SqliteKeyStoreOptionsValidator : IValidateOptions<SqliteKeyStoreOptions>;
