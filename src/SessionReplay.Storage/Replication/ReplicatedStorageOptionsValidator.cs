using Microsoft.Extensions.Options;

namespace SessionReplay.Storage.Replication;

[OptionsValidator]
internal sealed partial class ReplicatedStorageOptionsValidator(string path) : IValidateOptions<ReplicatedStorageOptions>
{
    ValidateOptionsResult IValidateOptions<ReplicatedStorageOptions>.Validate(string? name, ReplicatedStorageOptions options) =>
        Validate(name, options).At<ReplicatedStorageOptions>(path, options.MinCopies <= options.MemberCount
            ? []
            : [$"'{path}:MinCopies' is more than the {options.MemberCount} members; lower it or add members."]);
}
