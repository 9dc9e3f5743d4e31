using Microsoft.Extensions.Options;

namespace SessionReplay;

/// <summary>
/// Turns what validators say into what an operator reads: with the path in the configuration in place of the member of a class.
/// </summary>
internal static class OptionsFailure
{
    private const string DurationHint = " Durations are hh:mm:ss: 30 alone means 30 days.";

    /// <summary>Names the section in what the attributes of an options class say, and adds what they cannot say.</summary>
    /// <remarks>
    /// A validator is one class: the generator of <c>[OptionsValidator]</c> writes its public <c>Validate</c> from the attributes, and its
    /// explicit implementation of <see cref="IValidateOptions{TOptions}"/> passes the result to this method.
    /// </remarks>
    /// <param name="attributes">What the attributes say.</param>
    /// <param name="path">The path of the class's section.</param>
    /// <param name="others">More errors, which name the section already.</param>
    internal static ValidateOptionsResult At<TOptions>(
        this ValidateOptionsResult attributes, string path, params IEnumerable<string> others)
    {
        string[] failures = [.. (attributes.Failures ?? []).Select(failure => WithPath(failure, typeof(TOptions).Name, path)), .. others];
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static string WithPath(string failure, string type, string path)
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
        var isDuration = failure.Contains(":00:", StringComparison.Ordinal) || failure.EndsWith(":00.", StringComparison.Ordinal);
        rest = rest.StartsWith(Frame, StringComparison.Ordinal) ? rest[(Frame.Length - 1)..] : rest;
        return $"'{path}:{failure[start..end].Replace('.', ':')}'{rest}{(isDuration ? DurationHint : string.Empty)}";
    }
}
