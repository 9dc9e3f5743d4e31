using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using SessionReplay.Sanitizing;

namespace SessionReplay.AspNetCore.Sanitizing;

/// <summary>
/// Takes secrets out of text: in place and without changing its length, so that nothing around it moves. A finding is overwritten by a marker such as
/// <c>[card]</c> and asterisks; one that is shorter than its marker by asterisks alone.
/// </summary>
/// <remarks>
/// Every string is looked at on its own: a number whose groups a page shows in elements of their own, or splits over events, cannot be seen. Joined
/// neighbours would take too much out of ordinary recordings: of rows with four cells of four digits one in about forty is a valid card number by chance.
/// Such places are for the page to mark as private.
/// </remarks>
internal sealed class Sanitizer
{
    private static readonly string[] Headers =
        ["authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "x-auth-token", "x-csrf-token", "x-xsrf-token"];

    public Sanitizer(IOptions<SessionReplayOptions> options, IEnumerable<ISanitizingRule> rules)
    {
        var settings = options.Value.Sanitizing;
        HeaderNames = new NameSet(Headers.Concat(settings.HeaderNames));
        Names = new NameMatcher(new NameSet(settings.FieldNames));
        CustomRules = [.. settings.Patterns.Select(pattern => Custom(pattern.Key, pattern.Value, settings.PatternTimeout)), .. rules];
        foreach (var rule in CustomRules)
        {
            if (rule.Name is not { Length: >= 1 and <= 24 } || rule.Name.AsSpan().ContainsAnyExcept("abcdefghijklmnopqrstuvwxyz0123456789-"))
            {
                throw new InvalidOperationException(
                    $"The sanitizing rule {rule.GetType()} is named '{rule.Name}'; use 1 to 24 characters of a-z, 0-9 and '-'.");
            }
        }

        RuleNames = ["card", "ssn", "iban", "bearer", "jwt", "api-key", "private-key", "header", "field", .. CustomRules.Select(rule => rule.Name)];
        Markers = [.. RuleNames.Select(name => System.Text.Encoding.ASCII.GetBytes($"[{name}]"))];
        On =
        [
            settings.CardNumbers, settings.SocialSecurityNumbers, settings.BankAccounts, settings.Secrets, settings.Secrets, settings.Secrets, settings.Secrets, true, true,
        ];
        Secrets = settings.Secrets;
    }

    public NameSet HeaderNames { get; }

    /// <summary>The names of fields whose values are secrets.</summary>
    public NameMatcher Names { get; }

    /// <summary>The rules of the application, behind the built-in ones.</summary>
    public ISanitizingRule[] CustomRules { get; }

    public string[] RuleNames { get; }

    public byte[][] Markers { get; }

    public bool[] On { get; }

    public bool Secrets { get; }

    /// <summary>Begins with a batch.</summary>
    /// <param name="batch">All of its bytes; they are only looked at.</param>
    public SanitizePass Begin(ReadOnlySpan<byte> batch) => new(this, Secrets && SecretRules.MayHold(batch), Digit.MayHoldOtherScripts(batch));

    private static PatternRule Custom(string name, string pattern, TimeSpan timeout)
    {
        const RegexOptions Common = RegexOptions.CultureInvariant;
        try
        {
            return new(name, new Regex(pattern, Common | RegexOptions.NonBacktracking, timeout));
        }
        catch (NotSupportedException)
        {
            // Lookarounds and backreferences need the backtracking engine; the timeout bounds it.
            return new(name, new Regex(pattern, Common | RegexOptions.Compiled, timeout));
        }
    }
}
