using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using SessionReplay.Format;
using SessionReplay.Sanitizing;

namespace SessionReplay.Pipeline.Sanitizing;

/// <summary>
/// Takes secrets out of text: in place and without changing its length, so that nothing around it moves. A finding is overwritten by a
/// placeholder such as <c>[card]</c> and asterisks; one that is shorter than its placeholder by asterisks alone.
/// </summary>
/// <remarks>
/// Every string is looked at on its own: a number whose groups a page shows in elements of their own, or splits over events, cannot be
/// seen. Joined neighbours would take too much out of ordinary recordings: of rows with four cells of four digits one in about forty is a
/// valid card number by chance. Such places are for the page to mark as private.
/// </remarks>
public sealed class Sanitizer
{
    private static readonly string[] Headers =
        ["authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "x-auth-token", "x-csrf-token", "x-xsrf-token"];

    /// <summary>Initializes a new instance of the <see cref="Sanitizer"/> class.</summary>
    /// <param name="options">Which built-in rules are on, and the patterns of the application.</param>
    /// <param name="rules">The rules of the application.</param>
    /// <exception cref="InvalidOperationException">A rule has no valid name.</exception>
    public Sanitizer(IOptions<SanitizingOptions> options, IEnumerable<ISanitizingRule> rules)
    {
        var settings = options.Value;
        HeaderNames = new NameSet(Headers.Concat(settings.HeaderNames));
        Names = new NameMatcher(new NameSet(settings.FieldNames));
        CustomRules = [.. settings.Patterns.Select(pattern => Custom(pattern.Key, pattern.Value, settings.PatternTimeout)), .. rules];
        foreach (var rule in CustomRules)
        {
            if (rule.Name is not { Length: >= 1 and <= 24 }
                || rule.Name.AsSpan().ContainsAnyExcept("abcdefghijklmnopqrstuvwxyz0123456789-"))
            {
                throw new InvalidOperationException(
                    $"The sanitizing rule {rule.GetType()} is named '{rule.Name}'; use 1 to 24 characters of a-z, 0-9 and '-'.");
            }
        }

        RuleNames = [
            "card", "ssn", "iban", "bearer", "jwt", "api-key", "private-key", "header", "field", .. CustomRules.Select(rule => rule.Name)];
        Placeholders = new(RuleNames);
        On =
        [
            settings.CardNumbers, settings.SocialSecurityNumbers, settings.BankAccounts, settings.Secrets, settings.Secrets,
            settings.Secrets, settings.Secrets, true, true,
        ];
        Secrets = settings.Secrets;
        var pass = Begin([]);
        KnownKeys = [.. Enumerable.Range(0, DomKeys.Count + 1).Select(key => MemberRoles.Of(DomKeys.Utf8(key), pass))];
    }

    internal NameSet HeaderNames { get; }

    /// <summary>The names of fields whose values are secrets.</summary>
    internal NameMatcher Names { get; }

    /// <summary>What the known keys of DOM events say of their values.</summary>
    internal MemberRole[] KnownKeys { get; }

    /// <summary>The rules of the application, behind the built-in ones.</summary>
    internal ISanitizingRule[] CustomRules { get; }

    internal string[] RuleNames { get; }

    internal Placeholders Placeholders { get; }

    internal bool[] On { get; }

    internal bool Secrets { get; }

    /// <summary>Begins with a batch.</summary>
    /// <param name="batch">All of its bytes; they are only looked at.</param>
    internal SanitizePass Begin(ReadOnlySpan<byte> batch) =>
        new(this, Secrets && SecretRules.MayHold(batch), Digit.MayHoldOtherScripts(batch));

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
