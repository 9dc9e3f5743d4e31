using System.Globalization;

namespace SessionReplay.AspNetCore.Operator;

/// <summary>How commands answer an operator.</summary>
internal static class OutputExtensions
{
    /// <summary>Writes a line.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> SayAsync(this TextWriter output, FormattableString text, int exitCode = 0)
    {
        await output.WriteLineAsync(text.ToString(CultureInfo.InvariantCulture)).ConfigureAwait(false);
        return exitCode;
    }
}
