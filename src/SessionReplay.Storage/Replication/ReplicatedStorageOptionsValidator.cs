using Microsoft.Extensions.Options;

namespace SessionReplay.Storage.Replication;

[OptionsValidator]
internal sealed partial class ReplicatedStorageOptionsValidator : IValidateOptions<ReplicatedStorageOptions>;
