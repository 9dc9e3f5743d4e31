using Microsoft.Extensions.Options;

namespace SessionReplay.Storage.PostgreSql.Keys;

[OptionsValidator]
internal sealed partial class PostgreSqlKeyStoreOptionsAttributesValidator : IValidateOptions<PostgreSqlKeyStoreOptions>;
