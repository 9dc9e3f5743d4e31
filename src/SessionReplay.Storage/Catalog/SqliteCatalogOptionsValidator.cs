using Microsoft.Extensions.Options;

namespace SessionReplay.Storage.Catalog;

[OptionsValidator]
internal sealed partial class SqliteCatalogOptionsValidator(string path) : IValidateOptions<SqliteCatalogOptions>
{
    ValidateOptionsResult IValidateOptions<SqliteCatalogOptions>.Validate(string? name, SqliteCatalogOptions options) =>
        Validate(name, options).At<SqliteCatalogOptions>(path);
}
