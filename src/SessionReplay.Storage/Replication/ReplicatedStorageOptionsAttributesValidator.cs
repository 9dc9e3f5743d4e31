using Microsoft.Extensions.Options;

namespace SessionReplay.Storage.Replication;

[OptionsValidator]
internal sealed partial class ReplicatedStorageOptionsAttributesValidator : IValidateOptions<ReplicatedStorageOptions>;
