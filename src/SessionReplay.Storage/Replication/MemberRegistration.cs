namespace SessionReplay.Storage.Replication;

/// <summary>How a member is made.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Path">Where it was configured, for errors.</param>
/// <param name="Configure">Registers its adapter.</param>
internal sealed record MemberRegistration(string Name, string Path, Action<ISessionReplayBuilder> Configure);
