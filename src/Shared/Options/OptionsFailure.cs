using Microsoft.Extensions.Options;

namespace SessionReplay;

/// <summary>Turns what validators say into what an operator reads: with the path in the configuration in place of the member of a class.</summary>
internal static class OptionsFailure
{
    private const string DurationHint = " Durations are hh:mm:ss: 30 alone means 30 days.";

    /// <summary>Puts the path of an option in place of its member.</summary>
    /// <param name="failure">An error of a validator, for instance <c>The field S3StorageOptions.PartBytes must be …</c>.</param>
    /// <param name="type">The name of the options class.</param>
    /// <param name="path">The path of the class's section.</param>
    internal static string WithPath(string failure, string type, string path)
    {
        var start = failure.IndexOf(type + ".", StringComparison.Ordinal);
        if (start < 0)
        {
            return $"In the configuration section '{path}': {failure}";
        }

        // What comes before is the frame of the attributes' own texts ("PartBytes: The field ").
        start += type.Length + 1;
        var end = failure.IndexOf(' ', start);
        end = end < 0 ? failure.Length : end;
        var rest = failure[end..];
        const string Frame = " field ";
        var hint = failure.Contains(":00:", StringComparison.Ordinal) || failure.EndsWith(":00.", StringComparison.Ordinal) ? DurationHint : string.Empty;
        return $"'{path}:{failure[start..end].Replace('.', ':')}'{(rest.StartsWith(Frame, StringComparison.Ordinal) ? rest[(Frame.Length - 1)..] : rest)}{hint}";
    }

    /// <summary>Adds what attributes cannot say.</summary>
    /// <param name="result">What the attributes say.</param>
    /// <param name="failures">More errors; each begins with the class and the member, for instance <c>S3StorageOptions.Region is …</c>.</param>
    internal static ValidateOptionsResult With(this ValidateOptionsResult result, IEnumerable<string> failures)
    {
        string[] all = [.. result.Failures ?? [], .. failures];
        return all.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(all);
    }
}
