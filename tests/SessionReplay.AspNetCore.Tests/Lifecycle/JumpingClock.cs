using Microsoft.Extensions.Time.Testing;

namespace SessionReplay.AspNetCore.Tests.Lifecycle;

/// <summary>A clock that is set while time passes as before.</summary>
internal sealed class JumpingClock(FakeTimeProvider inner) : TimeProvider
{
    public TimeSpan Jump { get; set; }

    public override long TimestampFrequency => inner.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() + Jump;

    public override long GetTimestamp() => inner.GetTimestamp();
}
