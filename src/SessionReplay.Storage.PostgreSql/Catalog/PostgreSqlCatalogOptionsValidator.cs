using Microsoft.Extensions.Options;

namespace SessionReplay.Storage.PostgreSql.Catalog;

[OptionsValidator]
internal sealed partial class PostgreSqlCatalogOptionsValidator : IValidateOptions<PostgreSqlCatalogOptions>;
