using Microsoft.Extensions.Options;
using Values = SessionReplay.Shared.Tests.Options.OptionsConversionTests.Values;

namespace SessionReplay.Shared.Tests.Options;

[OptionsValidator]
internal sealed partial class ValuesValidator(string path) : IValidateOptions<Values>
{
    ValidateOptionsResult IValidateOptions<Values>.Validate(string? name, Values options) => Validate(name, options).At<Values>(path);
}
