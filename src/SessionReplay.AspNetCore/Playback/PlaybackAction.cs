namespace SessionReplay.AspNetCore.Playback;

/// <summary>What a request to playback wants: its name in the audit log and the policy that allows it.</summary>
internal sealed record PlaybackAction(string Name, Func<PlaybackOptions, string?> Policy, bool Writes = false, bool AllTenants = false)
{
    public static readonly PlaybackAction Search = new("session.search", o => o.ViewPolicy);
    public static readonly PlaybackAction View = new("session.view", o => o.ViewPolicy);
    public static readonly PlaybackAction Batches = new("session.batches", o => o.ViewPolicy);
    public static readonly PlaybackAction Assets = new("session.assets", o => o.ViewPolicy);
    public static readonly PlaybackAction Delete = new("session.delete", o => o.DeletePolicy, Writes: true);
    public static readonly PlaybackAction Audit = new("audit.read", o => o.AuditPolicy);
    public static readonly PlaybackAction ListDeadLetters = new("dead-letters.list", o => o.OperatePolicy, AllTenants: true);
    public static readonly PlaybackAction Redrive = new("dead-letters.redrive", o => o.OperatePolicy, Writes: true, AllTenants: true);
    public static readonly PlaybackAction Discard = new("dead-letters.discard", o => o.OperatePolicy, Writes: true, AllTenants: true);
}
