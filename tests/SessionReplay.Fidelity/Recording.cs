namespace SessionReplay.Fidelity;

/// <summary>What the server has of a visit.</summary>
/// <param name="Session">The session's id.</param>
/// <param name="Start">Its start, ms since the epoch on the server's clock.</param>
/// <param name="ClockOffset">What is added to the visitor's clock.</param>
/// <param name="Batches">Batches that have arrived.</param>
/// <param name="Until">The time of the last event, ms since the epoch on the server's clock.</param>
/// <param name="IsClosed">Whether the last of each window has arrived.</param>
internal sealed record Recording(string Session, double Start, double ClockOffset, int Batches, double Until, bool IsClosed)
{
    /// <summary>When the player shows what the visitor's clock showed at a time.</summary>
    public double MomentOf(double time) => time + ClockOffset - Start;
}
