using Microsoft.Extensions.Options;

namespace SessionReplay.Storage.Catalog;

[OptionsValidator]
internal sealed partial class SqliteCatalogOptionsValidator : IValidateOptions<SqliteCatalogOptions>;
