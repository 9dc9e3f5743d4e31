using SessionReplay.Testing;

namespace SessionReplay.PackageTests;

/// <summary>Runs a command to its end.</summary>
internal static class Command
{
    /// <exception cref="InvalidOperationException">It ended with another code than 0; the message holds what it printed.</exception>
    public static async Task<string> RunAsync(string folder, string program, params string[] arguments)
    {
        await using var process = ChildProcess.Start(
            program,
            arguments,
            new Dictionary<string, string?>
            {
                // The app under test is a stranger's: none of this build's settings reach it.
                ["CI"] = null,
                ["UseSharedCompilation"] = null,
                ["MSBUILDTERMINALLOGGER"] = "off",
                ["DOTNET_NOLOGO"] = "1",
                ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
                ["MSBuildSDKsPath"] = null,
                ["MSBUILD_EXE_PATH"] = null,
                ["MSBuildExtensionsPath"] = null,
                ["MSBuildLoadMicrosoftTargetsReadOnly"] = null,
                ["VSTEST_HOST_DEBUG"] = null,
            },
            folder);
        var limit = System.Diagnostics.Stopwatch.StartNew();
        while (!process.HasExited)
        {
            if (limit.Elapsed > TimeSpan.FromMinutes(15))
            {
                throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end in 15 minutes:\n{process.Output}");
            }

            await Task.Delay(100);
        }

        await process.KillAsync();
        return process.ExitCode == 0
            ? process.Output
            : throw new InvalidOperationException(
                $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{process.Output}");
    }
}
