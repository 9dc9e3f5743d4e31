namespace SessionReplay.AspNetCore;

/// <summary>What a process does. One process may do all, or many processes share the work.</summary>
[Flags]
public enum SessionReplayRoles
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Serves the recorder and takes batches.</summary>
    Ingest = 1,

    /// <summary>Stores what is in the queue, ends and compacts sessions, applies retention.</summary>
    Worker = 2,

    /// <summary>Serves the session list and the player's data.</summary>
    Playback = 4,

    /// <summary>All of it.</summary>
    All = Ingest | Worker | Playback,
}
