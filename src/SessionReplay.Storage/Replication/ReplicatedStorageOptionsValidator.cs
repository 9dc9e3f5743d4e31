using Microsoft.Extensions.Options;

namespace SessionReplay.Storage.Replication;

internal sealed class ReplicatedStorageOptionsValidator : IValidateOptions<ReplicatedStorageOptions>
{
    public ValidateOptionsResult Validate(string? name, ReplicatedStorageOptions options) => new ReplicatedStorageOptionsAttributesValidator().Validate(name, options)
        .With(options.MinCopies <= options.MemberCount ? [] : [$"ReplicatedStorageOptions.MinCopies is more than the {options.MemberCount} members; lower it or add members."]);
}
