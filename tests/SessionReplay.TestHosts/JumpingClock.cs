using Microsoft.Extensions.Time.Testing;

namespace SessionReplay.TestHosts;

/// <summary>A clock that is set while time passes as before.</summary>
public sealed class JumpingClock(FakeTimeProvider inner) : TimeProvider
{
    public TimeSpan Jump { get; set; }

    public override long TimestampFrequency => inner.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() + Jump;

    public override long GetTimestamp() => inner.GetTimestamp();
}
