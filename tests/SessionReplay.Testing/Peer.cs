using Xunit;

namespace SessionReplay.Testing;

/// <summary>Says whether a real peer can be started here.</summary>
public static class Peer
{
    /// <summary>
    /// Skips the test, with the reason printed, where the peer's program is missing; with <c>CI=true</c> a missing peer fails the test.
    /// </summary>
    /// <param name="program">The path of the program or file the peer needs.</param>
    /// <param name="install">How to install it.</param>
    public static void Require(string program, string install)
    {
        if (File.Exists(program))
        {
            return;
        }

        var reason = $"{program} is not installed: {install}";
        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            throw new InvalidOperationException(reason);
        }

        Skip.If(true, reason);
    }
}
