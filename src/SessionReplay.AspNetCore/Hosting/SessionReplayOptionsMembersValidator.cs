using Microsoft.Extensions.Options;

namespace SessionReplay.AspNetCore;

[OptionsValidator]
internal sealed partial class SessionReplayOptionsMembersValidator : IValidateOptions<SessionReplayOptions>;
