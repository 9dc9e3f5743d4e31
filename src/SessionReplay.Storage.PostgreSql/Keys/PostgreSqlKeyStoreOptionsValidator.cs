using Microsoft.Extensions.Options;

namespace SessionReplay.Storage.PostgreSql.Keys;

[OptionsValidator]
internal sealed partial class PostgreSqlKeyStoreOptionsValidator(string path) : IValidateOptions<PostgreSqlKeyStoreOptions>
{
    ValidateOptionsResult IValidateOptions<PostgreSqlKeyStoreOptions>.Validate(string? name, PostgreSqlKeyStoreOptions options) =>
        Validate(name, options).At<PostgreSqlKeyStoreOptions>(path, PostgreSqlConnectionString.Check(options, path));
}
