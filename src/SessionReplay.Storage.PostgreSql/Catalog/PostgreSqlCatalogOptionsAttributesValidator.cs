using Microsoft.Extensions.Options;

namespace SessionReplay.Storage.PostgreSql.Catalog;

[OptionsValidator]
internal sealed partial class PostgreSqlCatalogOptionsAttributesValidator : IValidateOptions<PostgreSqlCatalogOptions>;
