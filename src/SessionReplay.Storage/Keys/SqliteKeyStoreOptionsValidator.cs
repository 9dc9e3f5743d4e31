using Microsoft.Extensions.Options;

namespace SessionReplay.Storage.Keys;

[OptionsValidator]
internal sealed partial class SqliteKeyStoreOptionsValidator(string path) : IValidateOptions<SqliteKeyStoreOptions>
{
    ValidateOptionsResult IValidateOptions<SqliteKeyStoreOptions>.Validate(string? name, SqliteKeyStoreOptions options) =>
        Validate(name, options).At<SqliteKeyStoreOptions>(path);
}
