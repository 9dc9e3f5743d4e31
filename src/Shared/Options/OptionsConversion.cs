using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace SessionReplay;

/// <summary>Says of a value in the configuration that has the wrong type what to write instead.</summary>
internal static partial class OptionsConversion
{
    /// <summary>Binds a section.</summary>
    /// <exception cref="InvalidOperationException">A value has another type; the message names its path and what to write.</exception>
    internal static void Explain(Action bind)
    {
        try
        {
            bind();
        }
        catch (InvalidOperationException e) when (Binder().Match(e.Message) is { Success: true } failure)
        {
            var usage = Usage(failure.Groups["type"].Value);
            throw new InvalidOperationException($"'{failure.Groups["path"]}' has a value of another type; write {usage}.", e);
        }
    }

    [GeneratedRegex("at '(?<path>[^']+)' to type '(?<type>[^']+)'", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Binder();

    private static string Usage(string type) => type switch
    {
        "System.TimeSpan" => "a duration as hh:mm:ss, for instance 00:00:30, with days in front as 7.00:00:00",
        "System.Boolean" => "true or false",
        "System.Int32" or "System.Int64" or "System.UInt32" or "System.UInt64" or "System.Int16" or "System.UInt16" or "System.Byte" =>
            "a whole number, for instance 100",
        "System.Double" or "System.Single" or "System.Decimal" => "a number, for instance 0.5",
        "System.Uri" => "an address, for instance https://host.example/",
        _ when FindEnum(type) is { } known => string.Join(" or ", Enum.GetNames(known)),
        _ => $"a {type}",
    };

    [UnconditionalSuppressMessage(
        "Trimming", "IL2026", Justification = "The type has just been used to parse a value; without it the text is only shorter.")]
    private static Type? FindEnum(string name)
    {
        foreach (var assembly in AppDomain.CurrentDomain.GetAssemblies())
        {
            if (assembly.GetType(name) is { IsEnum: true } type)
            {
                return type;
            }
        }

        return null;
    }
}
