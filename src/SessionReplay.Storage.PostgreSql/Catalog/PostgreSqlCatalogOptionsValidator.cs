using Microsoft.Extensions.Options;

namespace SessionReplay.Storage.PostgreSql.Catalog;

[OptionsValidator]
internal sealed partial class PostgreSqlCatalogOptionsValidator(string path) : IValidateOptions<PostgreSqlCatalogOptions>
{
    ValidateOptionsResult IValidateOptions<PostgreSqlCatalogOptions>.Validate(string? name, PostgreSqlCatalogOptions options) =>
        Validate(name, options).At<PostgreSqlCatalogOptions>(path, PostgreSqlConnectionString.Check(options, path));
}
