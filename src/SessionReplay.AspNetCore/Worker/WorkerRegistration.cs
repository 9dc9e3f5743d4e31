namespace SessionReplay.AspNetCore.Worker;

/// <summary>Registers what the role <see cref="SessionReplayRoles.Worker"/> needs.</summary>
internal static class WorkerRegistration
{
    public static void AddWorker(ISessionReplayBuilder builder) => ArgumentNullException.ThrowIfNull(builder);
}
